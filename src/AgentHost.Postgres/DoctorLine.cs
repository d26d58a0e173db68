namespace AgentHost.Postgres;

/// <summary>One line of <c>doctor</c>.</summary>
/// <param name="Item">What was looked at.</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Fix">What to do where it is not, else null.</param>
public sealed record DoctorLine(string Item, bool Ok, string Detail, string? Fix);
