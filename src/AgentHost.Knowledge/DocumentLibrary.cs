using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentHost.Knowledge;

/// <summary>The pages of a skills folder: each skill's SKILL.md, <c>references</c>, <c>rules</c> and <c>problems</c>. Nothing is read before it is asked for.</summary>
public sealed class DocumentLibrary
{
    private static readonly (string Folder, string Kind)[] Kinds = [("references", "reference"), ("rules", "rule"), ("problems", "problem")];

    private const string Asked = "asked";

    private readonly Lazy<ImmutableArray<PageFile>> files;
    private readonly Lazy<ImmutableArray<Document>> documents;
    private readonly Lazy<FrozenDictionary<string, Document>> bySlug;

    private DocumentLibrary(string folder)
    {
        Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        files = new(ReadAll);
        documents = new(() => [.. ParseAll(files.Value)]);
        // A rule or problem is cited by its id, so where a reference has the same slug the rule is meant.
        bySlug = new(() => Documents.OrderBy(d => d.Kind is "rule" or "problem" ? 0 : 1).DistinctBy(d => d.Slug, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(d => d.Slug, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The skills folder.</summary>
    public string Folder { get; }

    /// <summary>All pages, ordered by skill, kind and slug.</summary>
    /// <exception cref="KnowledgeException">The folder is missing or a page cannot be read.</exception>
    public ImmutableArray<Document> Documents => documents.Value;

    /// <summary>A library over a folder such as <c>skills</c> beside the program.</summary>
    public static DocumentLibrary Load(string skillsFolder) => new(skillsFolder);

    /// <summary>The page of a slug (letter case aside), or null; of a rule and a reference that share it, the rule.</summary>
    /// <exception cref="KnowledgeException">The folder is missing or a page cannot be read.</exception>
    public Document? Find(string slug) => bySlug.Value.GetValueOrDefault(slug);

    /// <summary>The names of the skills that have pages, in order.</summary>
    /// <exception cref="KnowledgeException">The folder is missing or a page cannot be read.</exception>
    internal IEnumerable<string> Skills => files.Value.Where(f => f.Kind != Asked).Select(f => f.Skill).Distinct(StringComparer.Ordinal);

    /// <summary>What all pages say together, as one number: equal only where every path and text is. Nothing is parsed for it.</summary>
    /// <exception cref="KnowledgeException">The folder is missing or a page cannot be read.</exception>
    internal Guid Digest
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var file in files.Value)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{file.Path}\0{file.Content.Length}\0"));
                hash.AppendData(file.Content);
            }
            return new Guid(hash.GetHashAndReset().AsSpan(0, 16));
        }
    }

    /// <summary>Slugs of the skills' <c>asked.yaml</c> that name no page of their skill: a fault of whoever wrote them.</summary>
    /// <exception cref="KnowledgeException">The folder is missing or a page cannot be read.</exception>
    internal IEnumerable<string> AskedOfNoPage => files.Value.Where(f => f.Kind == Asked)
        .SelectMany(f => AskedLines.Parse(f.Path, f.Text).Keys.Where(slug => Documents.All(d => d.Skill != f.Skill || d.Slug != slug)).Select(slug => $"{f.Path}: {slug}"));

    private static IEnumerable<Document> ParseAll(ImmutableArray<PageFile> files)
    {
        foreach (var skill in files.GroupBy(f => f.Skill, StringComparer.Ordinal))
        {
            var asked = skill.FirstOrDefault(f => f.Kind == Asked) is { } lines ? AskedLines.Parse(lines.Path, lines.Text) : [];
            foreach (var page in skill.Where(f => f.Kind != Asked))
                yield return new Document(page.Slug, page.Skill, page.Kind, TitleOf(page.Text) ?? page.Slug, page.Path, page.Text) { Asked = asked.GetValueOrDefault(page.Slug, []) };
        }
    }

    private ImmutableArray<PageFile> ReadAll()
    {
        if (!Directory.Exists(Folder)) throw new KnowledgeException($"The skills folder {Folder} is missing. Install AgentHost again, or run it from its own folder.");
        try
        {
            return [.. Directory.GetDirectories(Folder).Order(StringComparer.Ordinal).SelectMany(ReadSkill)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KnowledgeException($"A page of {Folder} cannot be read: {e.Message}", e);
        }
    }

    private IEnumerable<PageFile> ReadSkill(string folder)
    {
        var skill = Path.GetFileName(folder);
        var main = Path.Combine(folder, "SKILL.md");
        if (File.Exists(main)) yield return Read(main, skill, skill, "skill");
        foreach (var (name, kind) in Kinds)
        {
            var pages = Path.Combine(folder, name);
            if (!Directory.Exists(pages)) continue;
            foreach (var page in Directory.GetFiles(pages, "*.md").Order(StringComparer.Ordinal))
                yield return Read(page, Path.GetFileNameWithoutExtension(page), skill, kind);
        }
        var asked = Path.Combine(folder, "asked.yaml");
        if (File.Exists(asked)) yield return Read(asked, Asked, skill, Asked);
    }

    private PageFile Read(string file, string slug, string skill, string kind) =>
        new(slug, skill, kind, string.Join('/', Path.GetFileName(Folder), Path.GetRelativePath(Folder, file)), File.ReadAllBytes(file));

    private sealed record PageFile(string Slug, string Skill, string Kind, string Path, byte[] Content)
    {
        public string Text => new StreamReader(new MemoryStream(Content), Encoding.UTF8).ReadToEnd().ReplaceLineEndings("\n");
    }

    // The whole page is parsed only when its sections are asked for; the title is found by its line.
    internal static string? TitleOf(string text)
    {
        var body = 0;
        if (text.StartsWith("---\n", StringComparison.Ordinal) && text.IndexOf("\n---\n", StringComparison.Ordinal) is > 0 and var end)
        {
            if (FrontMatterTitle(text[4..(end + 1)]) is { } title) return title;
            body = end + 5;
        }
        foreach (var line in text[body..].Split('\n'))
            if (line.StartsWith("# ", StringComparison.Ordinal)) return line[2..].Trim().Replace("`", "", StringComparison.Ordinal);
        return null;
    }

    private static string? FrontMatterTitle(string yaml)
    {
        if (!yaml.Contains("title:", StringComparison.Ordinal)) return null;
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents is [{ RootNode: YamlMappingNode map }, ..] && map.Children.TryGetValue("title", out var title) && title is YamlScalarNode { Value.Length: > 0 } scalar
                ? scalar.Value : null;
        }
        catch (YamlException)
        {
            return null; // A page with front matter that is not YAML is still a page; its heading names it.
        }
    }
}
