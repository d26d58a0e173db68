using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>A snapshot's schema beside its figures, asked by name.</summary>
internal sealed class SchemaFacts
{
    private readonly Dictionary<QualifiedName, RelationFacts> relations;
    private List<string>? definitions;

    private SchemaFacts(CatalogSnapshot snapshot, Script ddl)
    {
        Snapshot = snapshot;
        Ddl = ddl;
        var model = Model = SchemaModel.Empty.Apply(ddl);
        var figures = snapshot.Relations.ToDictionary(r => new QualifiedName(r.Schema, r.Name));
        relations = model.Tables.ToDictionary(t => t.Name, t => new RelationFacts(t, figures.GetValueOrDefault(t.Name) ?? new RelationFigures(t.Name.SchemaOrPublic, t.Name.Name, 'r'), model));
    }

    public CatalogSnapshot Snapshot { get; }

    public SchemaModel Model { get; }

    /// <summary>The statements that make the schema.</summary>
    public Script Ddl { get; }

    private IEnumerable<string> Definitions => definitions ??= [.. Ddl.Statements.Select(Ddl.TextOf).Where(t => t.StartsWith("CREATE STATISTICS ", StringComparison.Ordinal))];

    /// <summary>Every table, by name.</summary>
    public IEnumerable<RelationFacts> Relations => relations.Values.OrderBy(r => r.Name.ToString(), StringComparer.Ordinal);

    /// <summary>Reads the snapshot's DDL.</summary>
    public static SchemaFacts Of(CatalogSnapshot snapshot) => new(snapshot, SqlParser.Parse(snapshot.Ddl));

    /// <summary>What is known of several columns of a table together.</summary>
    public IEnumerable<ExtendedStatistics> ExtendedOf(RelationFacts relation)
    {
        var table = $" FROM {SqlIdentifier.Quote(relation.Name)}";
        // The statistics do not name their table; their definition, as PostgreSQL writes it, ends with it.
        return Snapshot.ExtendedStatistics.Where(s => s.Inherited == (relation.Figures.Kind == 'p')
            && Definitions.Any(d => d.StartsWith($"CREATE STATISTICS {SqlIdentifier.Quote(new QualifiedName(s.Schema, s.Name))} ", StringComparison.Ordinal) && d.EndsWith(table, StringComparison.Ordinal)));
    }

    /// <summary>The table of that name as a query writes it; null for views and what is not there.</summary>
    public RelationFacts? Relation(QualifiedName name) => Model.Table(name) is { } table ? relations.GetValueOrDefault(table.Name) : null;
}

/// <summary>A table: its columns and keys, its size and its statistics.</summary>
internal sealed record RelationFacts(TableModel Model, RelationFigures Figures, SchemaModel Schema)
{
    /// <summary>Smaller tables are read faster than anything is worth.</summary>
    public const int MinPages = 100;

    public QualifiedName Name => Model.Name;

    public long Pages => Figures.CurrentPages ?? Figures.Pages;

    /// <summary>Rows as the planner reckons them: the last count's density in today's pages.</summary>
    public double Rows => Figures.Rows is not { } rows ? Figures.Counters.LiveRows : Figures.Pages > 0 ? rows / Figures.Pages * Pages : rows;

    public bool IsLarge => Pages >= MinPages || Figures.Kind == 'p';

    public bool IsNotNull(string column) => Model.Column(column)?.IsNotNull == true || Model.ProvesNotNull(column);

    /// <summary>The column's type without modifiers, a domain's base; null where there is no such column.</summary>
    public string? TypeOf(string column)
    {
        if (Model.Column(column)?.Type is not { } type)
            return null;
        for (var depth = 0; depth < 10 && Schema.Domain(type.Name) is { } domain; depth++)
            type = domain.BaseType;
        return (type with { Modifiers = [] }).ToString();
    }

    /// <summary>Whether no two rows agree in all of these columns.</summary>
    public bool IsUnique(IReadOnlyCollection<string> columns) =>
        Model.Constraints.Any(c => c.Kind is Sql.Statements.ConstraintKind.PrimaryKey or Sql.Statements.ConstraintKind.Unique && c.Columns.All(columns.Contains))
        || Model.Indexes.Any(i => i is { IsUnique: true, IsValid: true, Predicate: null } && i.Keys.All(k => k.Column is { } c && columns.Contains(c)));

    public ImmutableArray<string> PrimaryKey => Model.PrimaryKey?.Columns ?? [];

    /// <summary>What ANALYZE knows of a column, of the whole of a partitioned table.</summary>
    public ColumnStatistics? Statistics(string column) =>
        Figures.Statistics.Where(s => s.Column == column).OrderByDescending(s => s.Inherited == (Figures.Kind == 'p')).FirstOrDefault();
}
