using System.Collections.Immutable;

namespace AgentHost.Skills;

/// <summary>An entry that may be worth proposing, and what an entry would say that makes it needless.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Topic">Words (rule ids, columns) that an entry of the same kind, or a decision, in the same scope says all of if it says the same.</param>
internal sealed record Candidate(ProposedEntry Entry, ImmutableArray<string> Topic);
