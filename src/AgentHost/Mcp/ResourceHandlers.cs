using AgentHost.Composition;
using AgentHost.Knowledge;
using AgentHost.Workspaces;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentHost.Mcp;

/// <summary>Answers <c>resources/*</c>: every page and skill as <c>skill://</c>, the memory files as <c>memory://</c>.</summary>
internal sealed class ResourceHandlers(Architect architect)
{
    /// <summary>What the addresses of memory files begin with.</summary>
    public const string MemoryScheme = "memory://";

    private const string Markdown = "text/markdown", SkillScheme = "skill://";

    /// <summary>The memory files, as the ends of their addresses.</summary>
    public static readonly string[] MemoryFiles = ["learnings", "decisions", "issues"];

    /// <summary>All resources.</summary>
    public ValueTask<ListResourcesResult> ListAsync(RequestContext<ListResourcesRequestParams> request, CancellationToken cancellation) =>
        ValueTask.FromResult(new ListResourcesResult
        {
            Resources =
            [
                .. architect.Documents.Documents.Select(document => new Resource
                {
                    Uri = UriOf(document), Name = document.Slug, Title = document.Title, MimeType = Markdown, Description = $"{document.Kind} of {document.Skill}",
                }),
                .. MemoryFiles.Select(file => new Resource { Uri = MemoryScheme + file, Name = file, Title = $"The project's {file}", MimeType = Markdown }),
            ],
        });

    /// <summary>The shapes of the addresses.</summary>
    public static ValueTask<ListResourceTemplatesResult> ListTemplatesAsync(RequestContext<ListResourceTemplatesRequestParams> request, CancellationToken cancellation) =>
        ValueTask.FromResult(new ListResourceTemplatesResult
        {
            ResourceTemplates =
            [
                new ResourceTemplate { UriTemplate = SkillScheme + "{skill}/{document}", Name = "page", Title = "A best-practice page, or SKILL.md", MimeType = Markdown },
                new ResourceTemplate { UriTemplate = MemoryScheme + "{file}", Name = "memory", Title = "learnings, decisions or issues", MimeType = Markdown },
            ],
        });

    /// <summary>The text of one resource.</summary>
    public ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellation)
    {
        var uri = request.Params.Uri;
        var text = uri.StartsWith(SkillScheme, StringComparison.Ordinal) ? architect.Documents.Documents.FirstOrDefault(document => UriOf(document) == uri)?.Text
            : uri.StartsWith(MemoryScheme, StringComparison.Ordinal) ? MemoryText(uri[MemoryScheme.Length..])
            : null;
        return text is null
            ? throw new McpProtocolException($"There is no resource '{uri}'. resources/list names them all.", McpErrorCode.ResourceNotFound)
            : ValueTask.FromResult(new ReadResourceResult { Contents = [new TextResourceContents { Uri = uri, MimeType = Markdown, Text = text }] });
    }

    /// <summary>Whether there is a page of this address.</summary>
    public bool Has(string uri) => architect.Documents.Documents.Any(document => UriOf(document) == uri);

    private string? MemoryText(string file)
    {
        if (!MemoryFiles.Contains(file, StringComparer.Ordinal))
            return null;
        var path = Path.Combine(architect.Memory.Folder, file + ".md");
        // Entries are asked for first: the journal refuses a file that a link leads out of the workspace.
        return !File.Exists(path) || architect.Memory.Entries.IsDefault ? "" : TextFile.Read(path, path);
    }

    private static string UriOf(Document document) => $"{SkillScheme}{document.Skill}/{(document.Kind == "skill" ? "SKILL.md" : document.Slug)}";
}
