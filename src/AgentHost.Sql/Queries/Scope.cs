using System.Collections.Immutable;

namespace AgentHost.Sql.Queries;

/// <summary>A relation use while it is being collected.</summary>
internal sealed class RelationBuilder(QualifiedName table, string alias, IReadOnlyCollection<string>? columns)
{
    public QualifiedName Table { get; } = table;
    public string Alias { get; } = alias;
    public IReadOnlyCollection<string>? Columns { get; } = columns;
    public List<ColumnPredicate> Predicates { get; } = [];
    public List<UnservedPredicate> Unserved { get; } = [];
    public List<ExpressionPredicate> Expressions { get; } = [];
    public List<OperatorPredicate> Operators { get; } = [];
    public List<Disjunction> Disjunctions { get; } = [];
    public List<ColumnExclusion> Exclusions { get; } = [];
    public OperatorPredicate? Nearest { get; set; }
    public SortedSet<string> ColumnsUsed { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, int> References { get; } = new(StringComparer.Ordinal);
    public List<SortKey> OrderBy { get; } = [];
    public List<string> GroupBy { get; } = [];
    public bool AllColumns { get; set; }
    public bool HasLimit { get; set; }
    public bool IsTarget { get; set; }

    public RelationUse Build() => new(Table, Alias, [.. Predicates.Distinct()])
    {
        OrderBy = [.. OrderBy],
        GroupBy = [.. GroupBy],
        HasLimit = HasLimit,
        ColumnsUsed = [.. ColumnsUsed],
        OnlyCompared = [.. ColumnsUsed.Where(c => References.GetValueOrDefault(c) <= Predicates.Count(p => p.Column == c))],
        AllColumns = AllColumns,
        IsTarget = IsTarget,
        Unserved = [.. Unserved],
        Expressions = [.. Expressions],
        Operators = [.. Operators],
        Disjunctions = [.. Disjunctions],
        Exclusions = [.. Exclusions.Distinct()],
        Nearest = Nearest,
    };

    /// <summary>How many conditions of each kind are noted.</summary>
    public (int Predicates, int Expressions, int Operators, int Exclusions) Mark() => (Predicates.Count, Expressions.Count, Operators.Count, Exclusions.Count);

    /// <summary>Takes back what was noted since <paramref name="mark"/>; null where it was nothing.</summary>
    public RelationUse? Since((int Predicates, int Expressions, int Operators, int Exclusions) mark)
    {
        if ((mark.Predicates, mark.Expressions, mark.Operators) == (Predicates.Count, Expressions.Count, Operators.Count))
        {
            Cut(Exclusions, mark.Exclusions);
            return null;
        }
        return new RelationUse(Table, Alias, Cut(Predicates, mark.Predicates))
        {
            Expressions = Cut(Expressions, mark.Expressions),
            Operators = Cut(Operators, mark.Operators),
            Exclusions = Cut(Exclusions, mark.Exclusions),
        };
    }

    private static ImmutableArray<T> Cut<T>(List<T> from, int start)
    {
        ImmutableArray<T> cut = [.. from.Skip(start).Distinct()];
        from.RemoveRange(start, from.Count - start);
        return cut;
    }
}

/// <summary>A column of a stored relation that a name in the statement stands for.</summary>
internal sealed record ResolvedColumn(RelationBuilder Relation, string Column);

/// <summary>
/// Something in FROM: a stored relation, or a derived one (subquery, CTE, function, VALUES) whose output columns
/// may stand for columns of stored relations underneath.
/// </summary>
internal sealed record RangeItem(string Alias, RelationBuilder? Stored, IReadOnlyDictionary<string, ResolvedColumn?>? Outputs)
{
    /// <summary>The schema by which the relation may be named where it has no alias.</summary>
    public QualifiedName? NameWithoutAlias { get; init; }

    /// <summary>Whether a name that nobody else knows may be one of its columns.</summary>
    public bool IsOpaque => Stored is null ? Outputs is null : Stored.Columns is null;

    public bool Knows(string column) => Stored is { } table ? table.Columns?.Contains(column) == true : Outputs?.ContainsKey(column) == true;

    public ResolvedColumn? Column(string column) =>
        Stored is { } table ? new ResolvedColumn(table, column) : Outputs?.GetValueOrDefault(column);
}

/// <summary>The names visible at one query level.</summary>
internal sealed class Scope(Scope? parent)
{
    public List<RangeItem> Items { get; } = [];

    private readonly Dictionary<string, RangeItem> ctes = new(StringComparer.Ordinal);

    public void DefineCte(string name, RangeItem item) => ctes[name] = item;

    public RangeItem? Cte(string name) => ctes.TryGetValue(name, out var item) ? item : parent?.Cte(name);

    /// <summary>Finds what a column reference stands for; null where it is no stored column or cannot be told.</summary>
    public (bool Found, ResolvedColumn? Column) Resolve(IReadOnlyList<string> parts)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            var (found, column) = parts.Count == 1 ? scope.ByColumn(parts[0]) : scope.ByRelation(parts);
            if (found)
                return (true, column);
        }
        return (false, null);
    }

    /// <summary>The item that a one-part name means as a whole row, or that qualifies a star.</summary>
    public RangeItem? Item(string alias)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope.Items.Find(item => item.Alias == alias) is { } item)
                return item;
        }
        return null;
    }

    /// <summary>The same level without its items: what a subquery in FROM sees, the level's CTEs included.</summary>
    public Scope Outside()
    {
        var outside = new Scope(parent);
        foreach (var (name, item) in ctes)
            outside.DefineCte(name, item);
        return outside;
    }

    private Scope? Parent => parent;

    private (bool, ResolvedColumn?) ByColumn(string column)
    {
        var known = Items.Where(item => item.Knows(column)).ToList();
        if (known.Count > 0)
            return (true, known[0].Column(column));
        // The catalog is silent about one relation only, and nothing outside can claim the name.
        var opaque = Items.Where(item => item.IsOpaque).ToList();
        if (opaque.Count == 1 && !(parent?.Claims(column) ?? false))
            return (true, opaque[0].Column(column));
        return opaque.Count > 1 ? (true, null) : (false, null);
    }

    private bool Claims(string column) => Items.Exists(item => item.Knows(column)) || (parent?.Claims(column) ?? false);

    private (bool, ResolvedColumn?) ByRelation(IReadOnlyList<string> parts)
    {
        var (relation, column) = (parts[^2], parts[^1]);
        var item = parts.Count == 2
            ? Items.Find(i => i.Alias == relation)
            : Items.Find(i => i.NameWithoutAlias is { } name && name.Name == relation && name.Schema == parts[^3]);
        return item is null ? (false, null) : (true, item.Column(column));
    }
}
