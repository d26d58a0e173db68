using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.RecommendIndex.Drops;

/// <summary>What an index is held by besides its queries: constraints, replication, clustering, partitioning, foreign keys.</summary>
internal sealed class IndexDuty
{
    private readonly HashSet<QualifiedName> attached;
    private readonly HashSet<QualifiedName> clustered;
    private readonly HashSet<QualifiedName> identified;
    private readonly SchemaFacts schema;

    public IndexDuty(SchemaFacts schema)
    {
        this.schema = schema;
        var actions = schema.Ddl.Statements.OfType<AlterTable>().SelectMany(a => a.Actions.Select(action => (a.Table, Action: action))).ToList();
        attached = [.. actions.Select(a => a.Action).OfType<AttachPartition>().Select(a => a.Partition)];
        clustered = [.. actions.Where(a => a.Action is OtherAction { Kind: "AT_ClusterOn" }).Select(a => a.Table with { Name = ((OtherAction)a.Action).Name ?? "" })];
        identified = [.. actions.Where(a => a.Action is OtherAction { Kind: "AT_ReplicaIdentity" }).Select(a => a.Table)];
    }

    /// <summary>Whether it must stay whatever else there is.</summary>
    public bool Holds(RelationFacts table, IndexModel index) =>
        index.Constraint is not null || index.IsPrimary || attached.Contains(index.FullName) || clustered.Contains(index.FullName)
        || (index.IsUnique && identified.Contains(table.Name));

    /// <summary>Whether a foreign key of the table is looked up by it, and by no other index that stays.</summary>
    public static bool ServesForeignKey(RelationFacts table, IndexModel index, Func<IndexModel, bool> stays) => table.Model.Constraints
        .Where(c => c.Kind == ConstraintKind.ForeignKey && Leads(index, c))
        .Any(c => !table.Model.Indexes.Any(other => other != index && stays(other) && Leads(other, c)));

    /// <summary>Whether a foreign key may rest on its uniqueness.</summary>
    public bool IsReferenced(RelationFacts table, IndexModel index) =>
        schema.Model.ForeignKeysTo(table.Name).Any(k => (k.Constraint.ReferencedColumns.IsEmpty ? table.PrimaryKey : k.Constraint.ReferencedColumns).ToHashSet().SetEquals(index.Keys.Select(i => i.Column ?? "")));

    private static bool Leads(IndexModel index, TableConstraint key) =>
        index is { Method: "btree", Predicate: null } && index.Keys.Length >= key.Columns.Length && index.Keys.Take(key.Columns.Length).All(k => k.Column is { } column && key.Columns.Contains(column));
}
