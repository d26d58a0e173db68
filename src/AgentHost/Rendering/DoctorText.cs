using System.Text;
using AgentHost.Composition;

namespace AgentHost.Rendering;

/// <summary>A diagnosis as text.</summary>
internal static class DoctorText
{
    /// <summary>A line a part, and the fix under each part that is missing.</summary>
    public static string Render(DoctorReport report)
    {
        var width = report.Lines.Max(line => line.Item.Length);
        var text = new StringBuilder();
        foreach (var line in report.Lines)
        {
            text.AppendLine($"{(line.Ok ? "ok     " : "missing")}  {line.Item.PadRight(width)}  {line.Detail}");
            if (line.Fix is not null)
                text.AppendLine($"{new string(' ', 9)}{new string(' ', width)}  fix: {line.Fix}");
        }
        return text.ToString();
    }
}
