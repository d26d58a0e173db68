using System.Collections.Immutable;

namespace AgentHost.Composition;

/// <summary>What is there and what is missing.</summary>
/// <param name="Lines">One line a part.</param>
public sealed record DoctorReport(ImmutableArray<DoctorLine> Lines);

/// <summary>The state of one part.</summary>
/// <param name="Item">The part.</param>
/// <param name="Ok">Whether it can be used.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Fix">What to do where it cannot; null where all is well.</param>
public sealed record DoctorLine(string Item, bool Ok, string Detail, string? Fix = null);
