using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>TRUNCATE of an existing table.</summary>
internal sealed class TruncateInUse : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "truncate";

    /// <inheritdoc />
    public override string Title => "TRUNCATE empties a table that others use";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, TRUNCATE";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(Truncate)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not Truncate truncate)
            yield break;
        var existing = truncate.Tables.Where(context.IsExisting).ToList();
        if (existing.Count == 0)
            yield break;
        var more = truncate.Cascade ? Referencing(context, truncate) : [];
        yield return Report(context, truncate.Span, Severity.Error, existing[0],
            $"Loses every row of {Quote(existing)} for good{(more.Count == 0 ? truncate.Cascade ? ", and of every table that references it" : "" : $", and through CASCADE of {Quote(more)}")} (ACCESS EXCLUSIVE, no triggers for each row). "
            + "Are the rows needless everywhere this runs? Else delete what is meant, in batches.") with
        {
            Lock = LockMode.AccessExclusive,
        };
    }

    /// <summary>The tables that CASCADE reaches through foreign keys, however far.</summary>
    private static List<QualifiedName> Referencing(StatementContext context, Truncate truncate)
    {
        var reached = truncate.Tables.Select(context.Schema.Resolve).ToList();
        int named = reached.Count;
        for (int i = 0; i < reached.Count; i++)
            reached.AddRange(context.Schema.ForeignKeysTo(reached[i]).Select(key => key.Table.Name).Distinct().Where(table => !reached.Contains(table)).ToList());
        return reached[named..];
    }
}
