using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Audit;

/// <summary>Tells which entries a scope is about.</summary>
public static class EntryScopes
{
    /// <summary>Whether an entry bears on a scope: one of its own scopes covers it, or lies within it.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="scope">A table or a pattern: <c>public.orders</c>, <c>billing.*</c>.</param>
    /// <exception cref="MemoryException">The scope names nothing.</exception>
    public static bool Touches(MemoryEntry entry, string scope)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var asked = ScopePattern.Read(scope) ?? throw new MemoryException($"The scope '{scope}' names nothing. Write schema.table, table, schema.* or *.");
        return ScopePattern.ReadAll(entry).Any(own => own.Covers($"{asked.Schema}.{asked.Name}") || asked.Covers($"{own.Schema}.{own.Name}"));
    }
}
