using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>UPDATE or DELETE of an unbounded share of an existing table.</summary>
internal sealed class UnbatchedDml : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "unbatched-dml";

    /// <inheritdoc />
    public override string Title => "One statement that changes a large share of a table holds its row locks and bloats it";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 13.3.2 Row-Level Locks; 24.1 Routine Vacuuming";

    /// <inheritdoc />
    public override TableWork Work => TableWork.RowChanges;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(RowStatement)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not RowStatement statement)
            yield break;
        foreach (var row in BoundedRows.Unbounded(context, statement))
            yield return Report(context, row);
    }

    private Finding Report(StatementContext context, RowStatement row)
    {
        var target = row.Target!;
        bool isAll = !row.HasWhere && row.Verb != RowVerb.Merge;
        string verb = row.Verb == RowVerb.Delete ? "Deletes" : "Writes";
        return Report(context, row.Span, Severity.Error, target,
            $"{verb} {(isAll ? "every row" : "an unbounded share")} of {Quote(target)} in one transaction: each row stays locked until the end, replicas lag, and dead rows pile up. "
            + "Do it in batches by ranges of the key, with a commit after each.") with
        {
            Scans = true,
            Fix = context.IsInside || MassChangeReader.Read(context, row) is not { } change || Batches.Of(context, change) is not { } batches ? null : Fix.Of("In batches, each committed", row.Span, batches),
        };
    }
}
