using System.Text;
using AgentHost.Composition;

namespace AgentHost.Rendering;

/// <summary>Search results as compact text.</summary>
internal static class SearchText
{
    /// <summary>Each result: page and section, the excerpt, and where the page lies.</summary>
    public static string Render(SearchResults found)
    {
        if (found.Results.IsEmpty)
            return "No page answers this.";
        var text = new StringBuilder();
        foreach (var result in found.Results)
        {
            text.AppendLine($"{result.Document} › {result.Section}  ({result.Score:0.00})");
            foreach (var line in result.Excerpt.Split('\n'))
                text.Append("  ").AppendLine(line.TrimEnd());
            text.Append("  ").AppendLine(result.Source);
        }
        return text.ToString().TrimEnd();
    }
}
