using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Synthesis;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Postgres.Tests.Synthesis;

/// <summary>Whatever a schema looks like: filling it does not fail, tables get their rows, references lead somewhere, and statistics of the rows are like the original's.</summary>
public class RandomSchemaTests
{
    private const int Schemas = 8;

    /// <summary>Of fewer rows statistics are of few, and each makes a difference.</summary>
    private const int Enough = 1000;

    [Fact]
    public void Rows_of_any_schema_are_like_the_originals() => Prop.ForAll(RandomSchema.All, schema =>
    {
        var wrong = Task.Run(() => DifferencesAsync(schema)).GetAwaiter().GetResult();
        return wrong.Count == 0 ? true : throw new InvalidOperationException($"{string.Join('\n', wrong)}\n{schema.Sql()}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(Schemas).WithMaxRejected(0));

    private static async Task<List<string>> DifferencesAsync(RandomSchema schema)
    {
        await using var original = await Originals.MakeAsync(schema.Sql());
        await using var copy = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        var filled = await StatisticalRows.FillAsync(copy, await Originals.SnapshotAsync(original), new FillOptions());
        var wrong = filled.Relations.Where(relation => relation.Rows < 0.95 * relation.OriginalRows || relation.Rows > relation.OriginalRows).Select(relation => $"{relation}")
            .Concat(filled.Notes.Where(note => !note.Contains(" rows", StringComparison.Ordinal))).ToList();
        await copy.ExecuteAsync(Originals.CheckReferences);
        var (before, after) = (await Originals.ColumnsAsync(original), await Originals.ColumnsAsync(copy));
        var rows = filled.Relations.ToDictionary(relation => relation.Table.Name, relation => relation.Rows);
        foreach (var (key, column) in before.SelectMany(table => table.Where(column => !column.Inherited).Select(column => (table.Key, column))))
        {
            if (rows.GetValueOrDefault(key.Table) < Enough)
                continue;
            if (after[key].FirstOrDefault(candidate => candidate.Column == column.Column && !candidate.Inherited) is not { } own)
                wrong.Add($"{key.Table}.{column.Column}: none");
            else
                wrong.AddRange(Differences($"{key.Table}.{column.Column}", column, own, rows[key.Table]));
        }

        return wrong;
    }

    private static IEnumerable<string> Differences(string name, ColumnStatistics before, ColumnStatistics after, long rows)
    {
        if (Math.Abs(before.NullFraction - after.NullFraction) > 0.05)
            yield return $"{name}: nulls {before.NullFraction} {after.NullFraction}";
        double Values(ColumnStatistics statistics) => statistics.Distinct < 0 ? -statistics.Distinct * rows : statistics.Distinct;
        if (before.CommonElements.IsEmpty && (Values(before) > (1.6 * Values(after)) + 2 || Values(after) > (1.6 * Values(before)) + 2))
            yield return $"{name}: distinct {before.Distinct} {after.Distinct}";
        // Of an order that is hardly one, and of columns of few values, chance makes the sign.
        if (before.Correlation is { } correlation && Math.Abs(correlation) > 0.6 && Values(before) > 20 && before.CommonElements.IsEmpty && (after.Correlation ?? 0) * Math.Sign(correlation) < 0.2)
            yield return $"{name}: correlation {correlation} {after.Correlation}";
        if (before.CommonElements.IsEmpty && !before.CommonValues.IsEmpty && before.CommonFrequencies[0] > 0.02)
        {
            var place = after.CommonValues.IndexOf(before.CommonValues[0]);
            var share = place < 0 ? 0 : after.CommonFrequencies[place];
            if (Math.Abs(share - before.CommonFrequencies[0]) > 0.02 + (0.3 * before.CommonFrequencies[0]))
                yield return $"{name}: {before.CommonValues[0]} {before.CommonFrequencies[0]} {share}";
        }
    }
}
