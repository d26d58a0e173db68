namespace AgentHost.Skills;

/// <summary>The best-practice document that a piece of advice rests on.</summary>
/// <param name="Document">The document's slug: a page of <c>skills/*/rules</c>, <c>skills/*/problems</c> or <c>skills/*/references</c>.</param>
/// <param name="Section">A heading of that page, or null for the whole page.</param>
public sealed record Citation(string Document, string? Section = null);
