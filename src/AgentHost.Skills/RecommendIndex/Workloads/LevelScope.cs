using AgentHost.Sql;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>A column that a name at some query level stands for.</summary>
/// <param name="Item">The item of FROM.</param>
/// <param name="Relation">Its table.</param>
/// <param name="Column">The column.</param>
internal sealed record NamedColumn(FromSyntax Item, RelationFacts Relation, string Column)
{
    public string? Type => Relation.TypeOf(Column);
}

/// <summary>The names that a query level sees, resolved against the schema as PostgreSQL resolves them: inner levels first.</summary>
internal sealed class LevelScope
{
    private readonly LevelScope? outer;
    private readonly List<(FromSyntax Item, RelationFacts? Relation)> items;
    private readonly SchemaFacts schema;

    public LevelScope(SelectSyntax level, LevelScope? outer, SchemaFacts schema)
    {
        Level = level;
        this.outer = outer;
        this.schema = schema;
        items = [.. level.From.SelectMany(f => f.Leaves()).Select(f => (f, f.Kind == FromKind.Table ? schema.Relation(f.Table!) : null))];
    }

    public SelectSyntax Level { get; }

    /// <summary>The tables of this level's FROM that the schema knows.</summary>
    public IEnumerable<(FromSyntax Item, RelationFacts Relation)> Tables => items.Where(i => i.Relation is not null).Select(i => (i.Item, i.Relation!));

    /// <summary>A scope for every level of a query.</summary>
    public static IEnumerable<LevelScope> Of(QuerySyntax query, SchemaFacts schema)
    {
        var pending = new Stack<LevelScope>([new LevelScope(query.Top, null, schema)]);
        while (pending.TryPop(out var next))
        {
            yield return next;
            foreach (var below in next.Below().Reverse())
                pending.Push(below);
        }
    }

    /// <summary>The column that a bare reference stands for; null for anything else and what cannot be told.</summary>
    public NamedColumn? Column(SyntaxNode node) => node.Kind == NodeKind.Column ? Resolve(node).Column : null;

    /// <summary>The items of this level that an expression mentions, in subqueries too; null where a name in it cannot be told.</summary>
    public HashSet<FromSyntax>? Mentions(SyntaxNode node)
    {
        var found = new HashSet<FromSyntax>(ReferenceEqualityComparer.Instance);
        return Collect(node, this, found) ? found : null;
    }

    private bool Collect(SyntaxNode node, LevelScope at, HashSet<FromSyntax> found)
    {
        foreach (var part in node.All())
        {
            if (part.Kind == NodeKind.Column)
            {
                if (at.Resolve(part) is not { Item: { } item })
                    return false;
                if (items.Exists(i => ReferenceEquals(i.Item, item)))
                    found.Add(item);
            }
            else if (part.Kind == NodeKind.Star && ReferenceEquals(at, this) && part.Path.IsEmpty)
            {
                found.UnionWith(items.Select(i => i.Item));
            }
            if (part.Query is { } query && !Collect(new LevelScope(query, at, schema), found))
                return false;
        }
        return true;
    }

    private bool Collect(LevelScope scope, HashSet<FromSyntax> found) =>
        scope.Level.Expressions().All(e => Collect(e, scope, found)) && scope.Level.From.SelectMany(f => f.Leaves()).Concat([]).All(f => f.Query is null || Collect(new LevelScope(f.Query, scope, schema), found))
        && scope.Level.Arms.Concat(scope.Level.CommonTables.Select(c => c.Query).OfType<SelectSyntax>()).All(a => Collect(new LevelScope(a, scope, schema), found));

    private IEnumerable<LevelScope> Below()
    {
        foreach (var arm in Level.Arms.Concat(Level.CommonTables.Select(c => c.Query).OfType<SelectSyntax>()))
            yield return new LevelScope(arm, outer, schema);
        foreach (var item in Level.From.SelectMany(f => f.Leaves()).Where(f => f.Query is not null))
            yield return new LevelScope(item.Query!, item.IsLateral ? this : outer, schema);
        foreach (var query in Level.Expressions().SelectMany(e => e.All()).Select(e => e.Query).OfType<SelectSyntax>())
            yield return new LevelScope(query, this, schema);
    }

    private (FromSyntax? Item, NamedColumn? Column) Resolve(SyntaxNode node)
    {
        for (var scope = this; scope is not null; scope = scope.outer)
        {
            var found = node.Path.Length == 1 ? scope.Unqualified(node.Path[0]) : scope.Qualified(node.Path[^2], node.Path.Length > 2 ? node.Path[^3] : null, node.Path[^1]);
            if (found.Known)
                return (found.Item, found.Column);
        }
        return (null, null);
    }

    private (bool Known, FromSyntax? Item, NamedColumn? Column) Unqualified(string column)
    {
        // In a query that PostgreSQL accepts no other item has the name too.
        foreach (var (item, relation) in items)
        {
            if (relation is not null && item.ColumnNames.IsEmpty && relation.Model.Column(column) is not null)
                return (true, item, new NamedColumn(item, relation, column));
        }
        if (items.Find(i => i.Item.Alias == column).Item is { } row)
            return (true, row, null);
        var opaque = items.Where(i => IsOpaque(i.Item, i.Relation, column)).ToList();
        return opaque.Count == 0 ? (false, null, null) : (true, opaque.Count == 1 ? opaque[0].Item : null, null);
    }

    private static bool IsOpaque(FromSyntax item, RelationFacts? relation, string column) =>
        item.ColumnNames.Contains(column)
        || (relation is null ? Outputs(item) is not { } outputs || outputs.Contains(column) : !relation.Model.ColumnsAreKnown);

    private static HashSet<string>? Outputs(FromSyntax item)
    {
        if (item.Query is not { } query || query.Targets.IsEmpty || query.Targets.Any(t => t.Value.Kind == NodeKind.Star))
            return item.Kind == FromKind.Other && !item.ColumnNames.IsEmpty ? [.. item.ColumnNames] : null;
        return [.. query.Targets.Select(t => t.Alias ?? (t.Value.Kind == NodeKind.Column ? t.Value.Path[^1] : t.Value.Name))];
    }

    private (bool Known, FromSyntax? Item, NamedColumn? Column) Qualified(string alias, string? inSchema, string column)
    {
        var (item, relation) = items.Find(i => inSchema is null ? i.Item.Alias == alias : !i.Item.HasAlias && i.Item.Table == new QualifiedName(inSchema, alias));
        if (item is null)
            return (false, null, null);
        return (true, item, relation?.Model.Column(column) is not null && item.ColumnNames.IsEmpty ? new NamedColumn(item, relation, column) : null);
    }
}
