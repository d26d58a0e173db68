using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>What the migration itself has created so far: nobody else uses it yet, so no lock on it hurts and no change to it breaks anyone.</summary>
internal sealed record CreatedHere(
    ImmutableHashSet<QualifiedName> Relations, ImmutableHashSet<(QualifiedName Relation, string Column)> Columns)
{
    public static CreatedHere Nothing { get; } = new([], []);

    /// <summary>Whether the relation, named with its schema, was created earlier in the file.</summary>
    public bool Has(QualifiedName relation) => Relations.Contains(relation);

    /// <summary>Whether the column, or its whole table, was created earlier in the file.</summary>
    public bool HasColumn(QualifiedName relation, string column) => Has(relation) || Columns.Contains((relation, column));

    /// <summary>What is new after a statement. <paramref name="before"/> resolves names and tells IF NOT EXISTS apart from a creation.</summary>
    public CreatedHere Apply(Statement statement, SchemaModel before) => statement switch
    {
        CreateTable create when !(create.IfNotExists && before.Table(create.Table) is not null) => Add(before.ResolveNew(create.Table)),
        CreateView view when before.View(view.View) is null => Add(before.ResolveNew(view.View)),
        DropObjects { Kind: ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView } drop =>
            this with { Relations = Relations.Except(drop.Names.Select(before.Resolve)) },
        RenameObject rename when Has(before.Resolve(rename.From)) => Move(before.Resolve(rename.From), old => old with { Name = rename.To }),
        MoveToSchema move when Has(before.Resolve(move.Name)) => Move(before.Resolve(move.Name), old => old with { Schema = move.Schema }),
        RenameColumn rename when Columns.Contains((before.Resolve(rename.Relation), rename.From)) => this with
        {
            Columns = Columns.Remove((before.Resolve(rename.Relation), rename.From)).Add((before.Resolve(rename.Relation), rename.To)),
        },
        AlterTable alter => alter.Actions.OfType<AddColumn>()
            .Where(add => !(add.IfNotExists && before.Table(alter.Table)?.Column(add.Column.Name) is not null))
            .Aggregate(this, (here, add) => here with { Columns = here.Columns.Add((before.Resolve(alter.Table), add.Column.Name)) }),
        _ => this,
    };

    private CreatedHere Add(QualifiedName relation) => this with { Relations = Relations.Add(relation) };

    private CreatedHere Move(QualifiedName from, Func<QualifiedName, QualifiedName> change) =>
        this with { Relations = Relations.Remove(from).Add(change(from)) };
}

/// <summary>Where a new relation goes.</summary>
internal static class SchemaModelNames
{
    /// <summary>The name with the schema in which an object created under it lands: the first of the search path (manual, 5.10.3).</summary>
    public static QualifiedName ResolveNew(this SchemaModel schema, QualifiedName name) =>
        name.Schema is null ? name with { Schema = schema.SearchPath[0] } : name;
}
