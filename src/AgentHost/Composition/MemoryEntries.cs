using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Composition;

/// <summary>The answer of recall and of remember.</summary>
/// <param name="Entries">What was found, best first, or what was just written.</param>
public sealed record MemoryEntries(ImmutableArray<MemoryEntry> Entries);
