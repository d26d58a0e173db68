namespace AgentHost.TrainEmbeddings.Reading;

/// <summary>All that a model is trained on.</summary>
internal static class Materials
{
    /// <summary>How much a neighbourhood of words counts: ours most, then the manual; what is only there for everyday words least.</summary>
    private const int Own = 6, Manual = 4, Other = 1;

    /// <param name="pages">Our pages.</param>
    /// <param name="packages">Where the packages are extracted.</param>
    /// <param name="learns">Which asked lines may be learnt from.</param>
    /// <exception cref="IOException">A package's files are not there.</exception>
    public static List<Material> Read(OwnPage[] pages, string packages, Func<OwnPage, int, bool> learns)
    {
        string Package(string path) => Path.Combine(packages, "usr/share", path);
        var (own, asked) = OwnPages.Materials(pages, Own, learns);
        return
        [
            own,
            asked,
            HtmlManual.Read("postgresql", Package("doc/postgresql-doc-17/html"), Manual, "release", "features", "bookindex", "biblio", "index"),
            HtmlManual.Read("django", Package("doc/python-django-doc/html"), Other, "genindex", "_modules", "releases", "internals", "search", "py-modindex"),
            HtmlManual.Read("sqlalchemy", Package("doc/python-sqlalchemy-doc/html"), Other, "genindex", "_modules", "changelog", "search"),
            HtmlManual.Read("sqlite", Package("doc/sqlite3"), Other, "releaselog", "changes", "c3ref", "session/", "requirements", "doc_", "keyword_index", "sitemap"),
            WordNet.Read(Package("wordnet"), Other),
        ];
    }
}
