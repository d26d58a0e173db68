namespace AgentHost.Knowledge;

/// <summary>The best section of a page for a query.</summary>
/// <param name="Document">The page's slug.</param>
/// <param name="Section">The section's heading; the page's title for its opening.</param>
/// <param name="Score">0 to 1; comparable within one answer only (1 = first by meaning, by words and by exact names).</param>
/// <param name="Excerpt">The sentences of the section that answer best, about 60 words, Markdown marks kept.</param>
/// <param name="Source">The page's path, as <c>skills/review-migration/references/the-lock-queue.md</c>.</param>
public sealed record SearchResult(string Document, string Section, double Score, string Excerpt, string Source);
