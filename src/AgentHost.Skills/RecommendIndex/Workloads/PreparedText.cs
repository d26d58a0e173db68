using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>Statements that were prepared in SQL: what runs is what PREPARE names, whatever name EXECUTE calls it by.</summary>
internal static partial class PreparedText
{
    /// <summary>The statement inside of PREPARE; any other text as it is.</summary>
    public static string Unwrap(string sql) => Prepare().Match(sql) is { Success: true } prepare ? sql[prepare.Length..].Trim() : sql;

    public static bool IsPrepare(string sql) => Prepare().IsMatch(sql);

    public static bool IsExecute(string sql) => Execute().IsMatch(sql);

    /// <summary>The values of an EXECUTE, by number; none where they do not read as expressions.</summary>
    public static ImmutableSortedDictionary<int, string> Values(string execute)
    {
        var found = ImmutableSortedDictionary<int, string>.Empty;
        if (Execute().Match(execute).Groups["values"] is not { Success: true, Value: var list })
            return found;
        try
        {
            return QuerySyntax.Read($"SELECT {list}") is { } values ? found.AddRange(values.Top.Targets.Select((t, i) => KeyValuePair.Create(i + 1, values.TextOf(t.Value.Range)))) : found;
        }
        catch (SqlInputException)
        {
            return found;
        }
    }

    [GeneratedRegex("""^\s*PREPARE\s+("([^"]|"")+"|[\w$]+)\s*(\(([^()]|\([^()]*\))*\)\s*)?\bAS\b""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Prepare();

    [GeneratedRegex("""^\s*EXECUTE\s+("([^"]|"")+"|[\w$]+)\s*(\((?<values>.*)\))?\s*;?\s*$""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Execute();
}
