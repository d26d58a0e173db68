using AgentHost.Knowledge.Ingest;

namespace AgentHost.Knowledge.Store;

/// <summary>Makes results of sections.</summary>
internal static class Answer
{
    /// <summary>A section's answer; what was ingested is quoted.</summary>
    public static SearchResult Of(StoredSection section, string query, double score)
    {
        var excerpt = Excerpt.Of(section.Text, query);
        return section.IsBuiltIn
            ? new SearchResult(section.Slug, section.Section, score, excerpt, section.Path)
            : new SearchResult(section.Slug, QuotedText.Heading(section.Section), score, QuotedText.Quote(section.Source, excerpt), section.Path, Quoted: true);
    }
}
