using System.Text.Json;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>What running a plan took.</summary>
/// <param name="Milliseconds">The shortest of its runs.</param>
/// <param name="Pages">Pages that it touched.</param>
/// <param name="Rows">Rows that its nodes gave or threw away, over all loops.</param>
/// <param name="WasCutOff">Whether it was cut off.</param>
internal sealed record Measurement(double Milliseconds, double Pages, double Rows, bool WasCutOff)
{
    /// <summary>What it would take by pages and rows alone: the same in each run.</summary>
    public double Work => (Pages * Thresholds.MillisecondsAPage) + (Rows * Thresholds.MillisecondsARow);

    /// <summary>Reads what EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) says.</summary>
    public static Measurement Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement[0];
        var plan = root.GetProperty("Plan");
        return new Measurement(root.GetProperty("Execution Time").GetDouble(), Number(plan, "Shared Hit Blocks") + Number(plan, "Shared Read Blocks") + Number(plan, "Temp Read Blocks"), RowsOf(plan), false);
    }

    /// <summary>How much longer this takes than another: by time where that is clear, else by pages and rows in proportion.</summary>
    public double Above(Measurement other)
    {
        var difference = Milliseconds - other.Milliseconds;
        if (Math.Abs(difference) > Math.Max(Thresholds.NoiseMilliseconds, Thresholds.Noise * Math.Max(Milliseconds, other.Milliseconds)))
            return difference;
        var work = Math.Max(Work, other.Work);
        return work <= 0 ? 0 : (Work - other.Work) / work * Math.Min(Milliseconds, other.Milliseconds);
    }

    private static double RowsOf(JsonElement node)
    {
        var loops = Math.Max(1, Number(node, "Actual Loops"));
        var rows = (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter") + Number(node, "Rows Removed by Join Filter") + Number(node, "Rows Removed by Index Recheck")) * loops;
        if (node.TryGetProperty("Plans", out var children))
        {
            foreach (var child in children.EnumerateArray())
                rows += RowsOf(child);
        }

        return rows;
    }

    private static double Number(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
}
