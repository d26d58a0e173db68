using System.Collections.Immutable;

namespace AgentHost.Bench.Twin;

/// <summary>What the command line asks for.</summary>
internal sealed record Options(bool Misses, bool Redact, bool Self, ImmutableArray<string> Servers);
