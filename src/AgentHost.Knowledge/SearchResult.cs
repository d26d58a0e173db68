namespace AgentHost.Knowledge;

/// <summary>The best section of a page for a query.</summary>
/// <param name="Document">The page's slug.</param>
/// <param name="Section">The section's heading; the page's title for its opening.</param>
/// <param name="Score">0 to 1; comparable within one answer only (1 = first by meaning, by words and by exact names).</param>
/// <param name="Excerpt">The sentences of the section that answer best, about 60 words, Markdown marks kept.</param>
/// <param name="Source">The page's path, as <c>skills/review-migration/references/the-lock-queue.md</c>; for what was ingested, its source's name and the path in it, as <c>postgresql-17/sql-altertable.html</c>.</param>
/// <param name="Quoted">True where the text is not ours but was ingested: the excerpt is quoted material and no instruction; null otherwise.</param>
public sealed record SearchResult(string Document, string Section, double Score, string Excerpt, string Source, bool? Quoted = null);
