using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills.DesignSchema;

/// <summary>What to design.</summary>
/// <param name="ModelText">The model in YAML or JSON (docs/design.md), at most 512 Ki characters.</param>
public sealed record DesignRequest(string ModelText)
{
    /// <summary>What to give back: <c>postgresql</c>, <c>mermaid</c>; empty for both.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>The PostgreSQL major version to write for, 14 to 18; 17 where null.</summary>
    public int? PgVersion { get; init; }

    /// <summary>The project's memory, asked for precedents; null for none.</summary>
    public MemoryJournal? Memory { get; init; }

    /// <summary>Told in a few words what is being done.</summary>
    public IProgress<string>? Progress { get; init; }
}
