using System.Text;
using AgentHost.Composition;
using AgentHost.Skills;

namespace AgentHost.Rendering;

/// <summary>Search results as compact text.</summary>
internal static class SearchText
{
    /// <summary>Each result: page and section, the excerpt, and where the page lies. Of foreign pages nothing stands outside of the quotation but its address.</summary>
    public static string Render(SearchResults found)
    {
        var text = new StringBuilder();
        if (found.Results.IsEmpty)
            text.AppendLine("No page answers this.");
        foreach (var result in found.Results)
        {
            text.AppendLine(result.Quoted == true ? $"{result.Document}  ({result.Score:0.00})" : $"{result.Document} › {result.Section}  ({result.Score:0.00})");
            var excerpt = result.Quoted == true ? result.Excerpt.Replace("«", $"«{result.Section}: ", StringComparison.Ordinal) : result.Excerpt;
            foreach (var line in excerpt.Split('\n'))
                text.Append("  ").AppendLine(line.TrimEnd());
            text.Append("  ").AppendLine(result.Source);
        }
        if (found.LeftOut is { } more)
            text.AppendLine($"({more} more left out to keep to the budget of tokens)");
        text.Append(MemoryFooter.Render(found, 160));
        return text.ToString().TrimEnd();
    }
}
