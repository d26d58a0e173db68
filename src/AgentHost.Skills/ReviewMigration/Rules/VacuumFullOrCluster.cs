using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>VACUUM FULL or CLUSTER of an existing table.</summary>
internal sealed class VacuumFullOrCluster : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "vacuum-full-or-cluster";

    /// <inheritdoc />
    public override string Title => "VACUUM FULL and CLUSTER write the table anew while nobody can use it";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, VACUUM, FULL; CLUSTER";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Rewrite;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(Vacuum), typeof(Cluster)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        var (name, tables) = context.Statement switch
        {
            Vacuum { IsFull: true } vacuum => ("VACUUM FULL", vacuum.Tables),
            Cluster { Table: { } table } => ("CLUSTER", [table]),
            Cluster => ("CLUSTER", []),
            _ => ("", System.Collections.Immutable.ImmutableArray<QualifiedName>.Empty),
        };
        if (name.Length == 0 || (!tables.IsEmpty && !tables.Any(context.IsExisting)))
            yield break;
        yield return Report(context, context.Statement.Span, Severity.Error, tables.FirstOrDefault(context.IsExisting),
            $"{name} writes {(tables.IsEmpty ? "every table" : Quote(tables))} and all indexes anew under ACCESS EXCLUSIVE: no one can read or write meanwhile. "
            + "A plain VACUUM lets space be used again; to shrink a table online use pg_repack or pg_squeeze.") with
        {
            Lock = LockMode.AccessExclusive,
            Rewrites = true,
            Scans = true,
            Fix = name == "VACUUM FULL" && !tables.IsEmpty ? new Fix("A plain vacuum", $"VACUUM (ANALYZE) {Quote(tables)};") : null,
        };
    }
}
