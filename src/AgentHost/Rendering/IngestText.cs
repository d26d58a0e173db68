using System.Text;
using AgentHost.Composition;
using AgentHost.Knowledge.Ingest;

namespace AgentHost.Rendering;

/// <summary>What was ingested, as text.</summary>
internal static class IngestText
{
    /// <summary>A line of what was done, and a line for each file that could not be read.</summary>
    public static string Render(IngestReport report)
    {
        var text = new StringBuilder($"{report.Name}: {Count(report.Pages, "page")}, {Count(report.Chunks, "piece")}");
        text.AppendLine(report is { Added: 0, Changed: 0, Removed: 0 } ? "; nothing has changed." : $"; {report.Added} added, {report.Changed} changed, {report.Removed} removed.");
        foreach (var problem in report.Problems)
            text.AppendLine($"left out  {problem}");
        return text.ToString();
    }

    /// <summary>A line a source.</summary>
    public static string Render(SourceList list)
    {
        var width = list.Sources.Max(source => source.Name.Length);
        var text = new StringBuilder();
        foreach (var source in list.Sources)
        {
            text.AppendLine($"{source.Name.PadRight(width)}  {Count(source.Pages, "page")}, {Count(source.Chunks, "piece")}{source.Status switch
            {
                "loading" => "; interrupted, not searched: run the same ingest again",
                "updating" => "; an update was interrupted: run the same ingest again",
                _ => "",
            }}");
        }
        return text.ToString();
    }

    /// <summary>A number of things, in the singular where it is one.</summary>
    public static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
