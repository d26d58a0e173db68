using System.Diagnostics.CodeAnalysis;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.RecommendIndex.Drops;

/// <summary>What an index is held by besides its queries: constraints, replication, clustering, partitioning, foreign keys.</summary>
internal sealed class IndexDuty
{
    private readonly HashSet<QualifiedName> alike;
    private readonly HashSet<QualifiedName> attached;
    private readonly HashSet<QualifiedName> clustered;
    private readonly HashSet<QualifiedName> deferred;
    private readonly HashSet<QualifiedName> identified;
    private readonly SchemaFacts schema;

    public IndexDuty(SchemaFacts schema)
    {
        this.schema = schema;
        var actions = schema.Ddl.Statements.OfType<AlterTable>().SelectMany(a => a.Actions.Select(action => (a.Table, Action: action))).ToList();
        attached = [.. actions.Select(a => a.Action).OfType<AttachPartition>().Select(a => a.Partition)];
        clustered = [.. actions.Where(a => a.Action is OtherAction { Kind: "AT_ClusterOn" }).Select(a => a.Table with { Name = ((OtherAction)a.Action).Name ?? "" })];
        alike =
        [
            .. schema.Ddl.Statements.OfType<CreateIndex>().Where(c => c.NullsNotDistinct).Select(c => (schema.Relation(c.Table)?.Name ?? c.Table) with { Name = c.Name ?? "" }),
            .. schema.Relations.SelectMany(r => r.Model.Constraints.Where(c => c.NullsNotDistinct).Select(c => r.Name with { Name = c.Name ?? "" })),
        ];
        // In the snapshot's DDL each constraint has a line.
        deferred = [.. schema.Relations.SelectMany(r => r.Model.Constraints.Where(c => Line(c.Span.Start).Contains(" DEFERRABLE", StringComparison.Ordinal)).Select(c => r.Name with { Name = c.Name ?? "" }))];
        identified = [.. actions.Where(a => a.Action is OtherAction { Kind: "AT_ReplicaIdentity" }).Select(a => a.Table)];
    }

    /// <summary>Whether it must stay whatever else there is.</summary>
    public bool Holds(RelationFacts table, IndexModel index) =>
        index.Constraint is not null || index.IsPrimary || attached.Contains(index.FullName) || clustered.Contains(index.FullName)
        || (index.IsUnique && identified.Contains(table.Name));

    /// <summary>The tables that foreign keys lead to whose rows' deletion looks up this index, and no other that stays.</summary>
    public List<RelationFacts?> ForeignKeys(RelationFacts table, IndexModel index, Func<IndexModel, bool> stays) =>
    [
        .. table.Model.Constraints.Where(c => c.Kind == ConstraintKind.ForeignKey && Leads(index, c) && !table.Model.Indexes.Any(other => other != index && stays(other) && Leads(other, c)))
            .Select(c => schema.Relation(c.References!)),
    ];

    /// <summary>Whether the counters saw no row of a table go.</summary>
    public static bool LosesNoRows([NotNullWhen(true)] RelationFacts? table) => table is { Figures.Kind: 'r', Figures.Counters.Deleted: 0 };

    /// <summary>Whether another index keeps the same values apart: all rows, the same nulls, and no later.</summary>
    public bool HoldsSameRule(RelationFacts table, IndexModel other, IndexModel index) =>
        other.IsUnique && other.Keys.Length == index.Keys.Length && !deferred.Contains(other.FullName)
        && (alike.Contains(other.FullName) == alike.Contains(index.FullName) || index.Keys.All(k => k.Column is { } column && table.IsNotNull(column)));

    /// <summary>Whether a foreign key may rest on its uniqueness.</summary>
    public bool IsReferenced(RelationFacts table, IndexModel index) =>
        schema.Model.ForeignKeysTo(table.Name).Any(k => (k.Constraint.ReferencedColumns.IsEmpty ? table.PrimaryKey : k.Constraint.ReferencedColumns).ToHashSet().SetEquals(index.Keys.Select(i => i.Column ?? "")));

    private string Line(int start) => schema.Ddl.Text[start..(schema.Ddl.Text.IndexOf('\n', start) is > 0 and var end ? end : schema.Ddl.Text.Length)];

    private static bool Leads(IndexModel index, TableConstraint key) =>
        index is { Method: "btree", Predicate: null } && index.Keys.Length >= key.Columns.Length && index.Keys.Take(key.Columns.Length).All(k => k.Column is { } column && key.Columns.Contains(column));
}
