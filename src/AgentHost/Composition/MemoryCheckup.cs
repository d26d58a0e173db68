using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Composition;

/// <summary>The answer of <c>memory check</c>.</summary>
/// <param name="Entries">How many entries there are.</param>
/// <param name="Problems">What is wrong, by file and line.</param>
public sealed record MemoryCheckup(int Entries, ImmutableArray<MemoryProblem> Problems);
