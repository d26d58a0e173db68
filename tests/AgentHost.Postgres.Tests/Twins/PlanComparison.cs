using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace AgentHost.Postgres.Tests.Twins;

/// <summary>Explains the same statement on two databases.</summary>
internal static partial class PlanComparison
{
    /// <summary>The plan's total cost and its shape: nodes, relations and indexes, indented.</summary>
    public static async Task<(double Cost, string Shape)> ExplainAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand($"EXPLAIN (FORMAT JSON) {sql}", connection);
        using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
        var root = plan.RootElement[0].GetProperty("Plan");
        return (root.GetProperty("Total Cost").GetDouble(), string.Join('\n', Lines(root, 0)));
    }

    private static IEnumerable<string> Lines(JsonElement node, int depth)
    {
        string? Text(string name) => node.TryGetProperty(name, out var value) ? value.ToString() : null;
        yield return $"{new string(' ', depth)}{Text("Node Type")} {Text("Join Type")} {Text("Alias")} {Hypothetical().Replace(Text("Index Name") ?? "", "<>")}";
        if (node.TryGetProperty("Plans", out var children))
        {
            foreach (var line in children.EnumerateArray().SelectMany(child => Lines(child, depth + 1)))
                yield return line;
        }
    }

    /// <summary>How far two costs lie apart, as a share of the first.</summary>
    public static double Difference(double original, double twin) => Math.Abs(twin - original) / Math.Max(original, 1e-9);

    /// <summary>Reads a single value.</summary>
    public static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)Convert.ChangeType((await command.ExecuteScalarAsync())!, typeof(T), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("<[0-9]+>", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Hypothetical();
}
