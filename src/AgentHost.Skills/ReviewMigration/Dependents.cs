using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Something that PostgreSQL refuses to lose silently.</summary>
/// <param name="Name">What it is, as a reader would say: <c>view active_customers</c>.</param>
/// <param name="Relation">The view, or the table that the constraint belongs to.</param>
/// <param name="IsCertain">False where the model cannot tell whose column a view means.</param>
internal sealed record Dependent(string Name, QualifiedName Relation, bool IsCertain);

/// <summary>What hangs on tables, columns and keys, as far as the schema tells (manual, 5.15).</summary>
internal static class Dependents
{
    /// <summary>The views that read a relation, and the foreign keys of other tables that reference it.</summary>
    public static IEnumerable<Dependent> OfRelation(SchemaModel schema, QualifiedName relation)
    {
        var name = schema.Resolve(relation);
        return Views(schema, name).Select(view => View(view, isCertain: true))
            .Concat(schema.ForeignKeysTo(name).Where(key => key.Table.Name != name).Select(key => ForeignKey(key.Table, key.Constraint)));
    }

    /// <summary>What uses a column, but not what goes with it: views, policies, generated columns, and the foreign keys of other tables that reference it.</summary>
    public static IEnumerable<Dependent> OfColumn(SchemaModel schema, QualifiedName relation, string column) =>
        OfColumnType(schema, relation, column).Concat(KeysTo(schema, relation, columns => columns.Contains(column), fallsWith: column));

    /// <summary>What forbids that the type of a column changes: views that show or use it, policies and generated columns.</summary>
    public static IEnumerable<Dependent> OfColumnType(SchemaModel schema, QualifiedName relation, string column)
    {
        var views = ViewsOfColumn(schema, relation, column);
        if (schema.Table(relation) is not { } table)
            return views;
        return views
            .Concat(table.Policies.Where(policy => policy.Columns.Contains(column)).Select(policy => new Dependent($"policy {SqlIdentifier.Quote(policy.Name)}", table.Name, policy.IsAlone)))
            .Concat(table.Columns.Where(other => other.Generated?.Columns.Contains(column) == true)
                .Select(other => new Dependent($"generated column {SqlIdentifier.Quote(other.Name)}", table.Name, IsCertain: true)));
    }

    /// <summary>The views that show or use a column.</summary>
    private static IEnumerable<Dependent> ViewsOfColumn(SchemaModel schema, QualifiedName relation, string column)
    {
        foreach (var view in Views(schema, schema.Resolve(relation)))
        {
            bool names = view.Columns.Contains(column);
            if (!names && !view.Columns.Contains("*"))
                continue;
            bool isAlone = view.Relations.Length == 1 || !view.Relations.Any(other => other != schema.Resolve(relation) && schema.Table(other)?.Column(column) is not null);
            yield return View(view, isAlone && (names || view.Relations.Length == 1));
        }
    }

    /// <summary>The foreign keys of any table that need a key.</summary>
    public static IEnumerable<Dependent> OfConstraint(SchemaModel schema, QualifiedName relation, string constraint) =>
        schema.Table(relation)?.Constraint(constraint) is { Kind: ConstraintKind.PrimaryKey or ConstraintKind.Unique } key
            ? KeysTo(schema, relation, columns => columns.ToHashSet(StringComparer.Ordinal).SetEquals(key.Columns))
            : [];

    private static IEnumerable<Dependent> KeysTo(SchemaModel schema, QualifiedName relation, Func<IReadOnlyList<string>, bool> concerns, string? fallsWith = null) =>
        schema.ForeignKeysTo(relation)
            .Where(key => fallsWith is null || key.Table.Name != schema.Resolve(relation) || !key.Constraint.Columns.Contains(fallsWith))
            .Where(key => concerns(key.Constraint.ReferencedColumns.IsEmpty ? schema.Table(relation)?.PrimaryKey?.Columns ?? [] : key.Constraint.ReferencedColumns))
            .Select(key => ForeignKey(key.Table, key.Constraint));

    private static IEnumerable<ViewModel> Views(SchemaModel schema, QualifiedName relation) =>
        schema.Views.Where(view => view.Relations.Contains(relation)).OrderBy(view => view.Name.ToString(), StringComparer.Ordinal);

    private static Dependent View(ViewModel view, bool isCertain) =>
        new($"{(view.IsMaterialized ? "materialized view" : "view")} {SqlIdentifier.Quote(Short(view.Name))}", view.Name, isCertain);

    private static Dependent ForeignKey(TableModel table, TableConstraint key) =>
        new($"foreign key {SqlIdentifier.Quote(key.Name!)} of {SqlIdentifier.Quote(Short(table.Name))}", table.Name, IsCertain: true);

    private static QualifiedName Short(QualifiedName name) => name.Schema == "public" ? name with { Schema = null } : name;
}
