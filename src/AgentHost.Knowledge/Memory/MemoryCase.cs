using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>What a tool was asked about, as far as it tells which entries bear on it.</summary>
/// <param name="Relations">Relations as <c>schema.table</c> or <c>table</c>.</param>
/// <param name="Topics">Ids of what was found: rules, plan problems, pages.</param>
/// <param name="Text">The input in its own words: SQL, conditions of a plan, a question. Nothing of it is kept.</param>
public sealed record MemoryCase(ImmutableArray<string> Relations, ImmutableArray<string> Topics, string Text);
