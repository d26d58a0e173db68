using System.Collections.Immutable;
using System.Text;
using Npgsql;

namespace AgentHost.Postgres.Rows;

/// <summary>Conditions on one column that its values must fulfil.</summary>
internal sealed record CandidateTest(RowTable Table, RowColumn Column, string Cast, ImmutableArray<string> Conditions);

/// <summary>Which of some templates give values that a group of columns accepts.</summary>
internal sealed record CandidateQuestion(ColumnGroup Group, ImmutableArray<string> Templates, ImmutableArray<CandidateTest> Tests, string Cast, int Finite)
{
    /// <summary>The most templates that are tried.</summary>
    public const int MaxTemplates = 90;

    /// <summary>For each template how many of the sample rows every condition accepted; null before the trial, or where there is nothing to ask.</summary>
    public int[]? Accepted { get; set; }

    /// <summary>
    /// The first template that always fits and gives many values; else a choice among the constants that fit; else the one that fits most often,
    /// for rows that do not fit are left out later.
    /// </summary>
    public (string? Template, int Values) Best
    {
        get
        {
            if (Accepted is null || Templates.IsEmpty)
                return (Templates.FirstOrDefault(), Finite);
            var always = Templates.Where((_, i) => Accepted[i] == CandidateTrial.Sample).ToList();
            if (always.Find(IsVaried) is { } varied)
                return (varied, varied == Templates[0] ? Finite : 0);
            if (always.Count > 0)
                return ($"(case {TypeValues.Row} % {always.Count} {string.Join(' ', always.Select((constant, i) => $"when {i} then ({constant})::{Cast}"))} end)", always.Count);
            var best = Array.IndexOf(Accepted, Accepted.Max());
            return Accepted[best] == 0 ? (null, 0) : (Templates[best], 0);
        }
    }

    private static bool IsVaried(string template) => template.Contains(TypeValues.Row, StringComparison.Ordinal);
}

/// <summary>Lets PostgreSQL judge candidates.</summary>
internal static class CandidateTrial
{
    private static readonly int[] SampleRows = [1, 2, 3, 7, 10, 37, 99, 100, 512, 1000, 1500, 2000];

    /// <summary>How many rows each template is tried on.</summary>
    public static int Sample => SampleRows.Length;

    /// <summary>Asks all at once; where that fails, each by itself, and each template by itself.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, ImmutableArray<CandidateQuestion> questions, CancellationToken ct)
    {
        if (questions.IsEmpty || await TryAsync(connection, [.. questions.SelectMany(Parts)], ct))
            return;
        foreach (var question in questions)
        {
            if (await TryAsync(connection, [.. Parts(question)], ct))
                continue;
            foreach (var part in Parts(question))
                await TryAsync(connection, [part], ct);
        }
    }

    private static IEnumerable<(CandidateQuestion Question, int Template)> Parts(CandidateQuestion question)
    {
        question.Accepted = new int[question.Templates.Length];
        return question.Templates.Select((_, i) => (question, i));
    }

    private static async Task<bool> TryAsync(NpgsqlConnection connection, ImmutableArray<(CandidateQuestion Question, int Template)> parts, CancellationToken ct)
    {
        var sql = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
            sql.Append(i == 0 ? "" : "\nunion all ").Append($"select {i}, {Count(parts[i].Question, parts[i].Question.Templates[parts[i].Template])}");
        try
        {
            await using var command = new NpgsqlCommand(sql.ToString(), connection);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                var (question, template) = parts[reader.GetInt32(0)];
                question.Accepted![template] = (int)reader.GetInt64(1);
            }

            return true;
        }
        catch (PostgresException)
        {
            return false; // a template that does not fit the type, or a condition that fails on it: it is not accepted
        }
    }

    private static string Count(CandidateQuestion question, string template)
    {
        var counts = question.Tests.Select(test =>
            $"(select count(*) from (select ({TypeValues.At(template, "n_")})::{test.Cast} as {test.Column.Sql} from unnest(array[{string.Join(", ", SampleRows)}]) g(n_)) as {Sql.SqlIdentifier.Quote(test.Table.Name.Name)} "
            + $"where {string.Join(" and ", test.Conditions.Select(condition => $"({condition}) is not false"))})");
        return $"least({string.Join(", ", counts)})";
    }
}
