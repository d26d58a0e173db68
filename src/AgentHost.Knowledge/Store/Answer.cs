namespace AgentHost.Knowledge.Store;

/// <summary>Makes results of sections.</summary>
internal static class Answer
{
    public static SearchResult Of(StoredSection section, string query, double score) =>
        new(section.Slug, section.Section, score, Excerpt.Of(section.Text, query), section.Path);
}
