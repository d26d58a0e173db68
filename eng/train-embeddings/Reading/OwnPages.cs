using AgentHost.Knowledge;
using AgentHost.Knowledge.Store;

namespace AgentHost.TrainEmbeddings.Reading;

/// <summary>A page of ours: its pieces as the store embeds them, and lines in which people would ask for it.</summary>
internal sealed record OwnPage(string Slug, string Title, string Kind, string[] Pieces, string[] Headings, string[] Asked);

/// <summary>The best-practice pages and what people ask for.</summary>
internal static class OwnPages
{
    /// <param name="skills">The skills folder.</param>
    public static OwnPage[] Read(string skills) =>
        [.. DocumentLibrary.Load(skills).Documents.Where(d => d.Kind != "skill").Select(d =>
        {
            var chunks = Chunk.Of(d).Where(c => !c.IsAsked).ToArray();
            return new OwnPage(d.Slug, d.Title, d.Kind, [.. chunks.Select(c => c.Embedded)], [.. chunks.Select(c => c.Headings)], [.. d.Asked]);
        }).OrderBy(p => p.Slug, StringComparer.Ordinal)];

    /// <param name="pages">The pages.</param>
    /// <param name="textWeight">How much a neighbourhood of words counts here.</param>
    /// <param name="learns">Which asked lines may be learnt from.</param>
    public static (Material Pages, Material Asked) Materials(IEnumerable<OwnPage> pages, int textWeight, Func<OwnPage, int, bool> learns)
    {
        var (sections, questions) = (new Material("pages", textWeight), new Material("asked", textWeight));
        foreach (var page in pages)
        {
            for (var i = 0; i < page.Pieces.Length; i++)
            {
                sections.Texts.Add(page.Pieces[i]);
                var body = page.Pieces[i][page.Headings[i].Length..];
                if (body.Length < 40) continue;
                sections.Pairs.Add(new Pair(page.Slug, page.Headings[i], body));
                sections.Pairs.Add(new Pair(page.Slug, page.Title, body));
                sections.AddCloze(page.Slug, page.Headings[i], body.Split('\n', StringSplitOptions.RemoveEmptyEntries));
                if (i > 0) sections.Pairs.Add(new Pair(page.Slug, page.Pieces[i - 1], body));
            }
            var lines = page.Asked.Where((_, i) => learns(page, i)).ToArray();
            for (var i = 0; i < lines.Length; i++)
            {
                questions.Texts.Add(lines[i]);
                questions.Pairs.Add(new Pair(page.Slug, lines[i], page.Title));
                foreach (var piece in page.Pieces) questions.Pairs.Add(new Pair(page.Slug, lines[i], piece));
                for (var j = 0; j < lines.Length; j++)
                    if (j != i) questions.Pairs.Add(new Pair(page.Slug, lines[i], lines[j]));
            }
        }
        return (sections, questions);
    }
}
