using System.Collections.Immutable;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql;

/// <summary>
/// What a database holds after the statements replayed so far. It believes that every statement succeeds; one that cannot (a column added to a
/// table nobody made) changes what it can and is otherwise passed over, since a schema is often given in part.
/// </summary>
public sealed partial record SchemaModel
{
    private ImmutableDictionary<QualifiedName, TableModel> _tables = ImmutableDictionary<QualifiedName, TableModel>.Empty;
    private ImmutableDictionary<QualifiedName, ViewModel> _views = ImmutableDictionary<QualifiedName, ViewModel>.Empty;
    private ImmutableDictionary<QualifiedName, EnumModel> _enums = ImmutableDictionary<QualifiedName, EnumModel>.Empty;
    private ImmutableDictionary<QualifiedName, DomainModel> _domains = ImmutableDictionary<QualifiedName, DomainModel>.Empty;

    private ImmutableDictionary<QualifiedName, FunctionModel> _functions = ImmutableDictionary<QualifiedName, FunctionModel>.Empty;

    /// <summary>The relation of each index.</summary>
    private ImmutableDictionary<QualifiedName, QualifiedName> _indexes = ImmutableDictionary<QualifiedName, QualifiedName>.Empty;

    private SchemaModel() { }

    /// <summary>A new database: nothing but the schema <c>public</c>.</summary>
    public static SchemaModel Empty { get; } = new();

    /// <summary>
    /// The schemas that a name without one is looked up in; a new object goes to the first. Follows <c>SET search_path</c>; where that is
    /// empty, as in a dump, <c>public</c> stands in.
    /// </summary>
    public ImmutableArray<string> SearchPath { get; private init; } = ["public"];

    /// <summary>All tables, in no order.</summary>
    public IEnumerable<TableModel> Tables => _tables.Values;

    /// <summary>All views and materialized views, in no order.</summary>
    public IEnumerable<ViewModel> Views => _views.Values;

    /// <summary>All enum types, in no order.</summary>
    public IEnumerable<EnumModel> Enums => _enums.Values;

    /// <summary>All domains, in no order.</summary>
    public IEnumerable<DomainModel> Domains => _domains.Values;

    /// <summary>The table of that name, or null.</summary>
    public TableModel? Table(QualifiedName name) => Find(_tables, name);

    /// <summary>The view or materialized view of that name, or null.</summary>
    public ViewModel? View(QualifiedName name) => Find(_views, name);

    /// <summary>The enum type of that name, or null.</summary>
    public EnumModel? Enum(QualifiedName name) => Find(_enums, name);

    /// <summary>The domain of that name, or null.</summary>
    public DomainModel? Domain(QualifiedName name) => Find(_domains, name);

    /// <summary>The functions of that name, or null.</summary>
    public FunctionModel? Function(QualifiedName name) => Find(_functions, name);

    /// <summary>
    /// Whether a function may give another value at every call (<c>VOLATILE</c>): as the schema says, else as PostgreSQL's own of that name; null
    /// where neither knows it.
    /// </summary>
    public bool? IsVolatile(QualifiedName function) =>
        Function(function) is { } known ? known.Volatility == "volatile" : function.Schema is null or "public" ? BuiltinFunctions.IsVolatile(function.Name) : null;

    /// <summary>The tables with a column of a domain, with that column.</summary>
    public IEnumerable<(TableModel Table, ColumnModel Column)> ColumnsOfType(QualifiedName type)
    {
        var full = Resolve(type);
        return Tables.SelectMany(t => t.Columns.Where(c => Resolve(c.Type.Name) == full).Select(c => (t, c)));
    }

    /// <summary>The index of that name, or null; its <see cref="IndexModel.Table"/> says whose it is.</summary>
    public IndexModel? Index(QualifiedName name)
    {
        if (Find(_indexes, name) is not { } owner) return null;
        var indexes = _tables.TryGetValue(owner, out var table) ? table.Indexes : _views[owner].Indexes;
        return indexes.First(i => i.Name == name.Name);
    }

    /// <summary>The partitions that hang directly under a partitioned table.</summary>
    public IEnumerable<TableModel> PartitionsOf(QualifiedName table)
    {
        var parent = Resolve(table);
        return Tables.Where(t => t.PartitionOf == parent);
    }

    /// <summary>The foreign keys that reference a table, its own included.</summary>
    public IEnumerable<(TableModel Table, TableConstraint Constraint)> ForeignKeysTo(QualifiedName table)
    {
        var target = Resolve(table);
        return Tables.SelectMany(t => t.Constraints.Where(c => c.References == target).Select(c => (t, c)));
    }

    /// <summary>The name with the schema in which it is found; where nothing has that name, with the schema a new object would go to.</summary>
    public QualifiedName Resolve(QualifiedName name)
    {
        if (name.Schema is not null) return name;
        foreach (var schema in SearchPath)
            if (new QualifiedName(schema, name.Name) is var full && Exists(full))
                return full;
        return New(name);
    }

    /// <summary>Replays all statements of a script.</summary>
    public SchemaModel Apply(Script script) => script.Statements.Aggregate(this, (model, statement) => model.Apply(statement));

    /// <summary>The model after one more statement; itself where the statement changes nothing that is modelled.</summary>
    public SchemaModel Apply(Statement statement) => statement switch
    {
        CreateTable create => Create(create),
        AlterTable alter => Alter(alter),
        CreateIndex create => Create(create),
        CreateView create => Create(create),
        CreateEnum create => this with { _enums = _enums.SetItem(New(create.Name), new EnumModel(New(create.Name), create.Values)) },
        AddEnumValue add => Add(add),
        CreateDomain create => this with
        {
            _domains = _domains.SetItem(
                New(create.Name), new DomainModel(New(create.Name), create.BaseType, create.Constraints) { Default = create.Default }),
        },
        RenameEnumValue rename => Rename(rename),
        AlterDomain alter => Alter(alter),
        CreateFunction create => Create(create),
        AlterFunction alter => Alter(alter),
        CreatePolicy create => Create(create),
        CreateTrigger create => Create(create),
        CreateSequence create => Create(create),
        AlterSequence alter => Alter(alter),
        Grant grant => Apply(grant),
        Reindex { Target: ReindexTarget.Index, Name: { } index } => Change(index, isValid: true),
        DropObjects { Kind: ObjectKind.Policy or ObjectKind.Trigger } drop => DropParts(drop),
        DropObjects { Kind: ObjectKind.Function } drop => drop.Names.Select((name, i) => (name, drop.Signatures[i])).Aggregate(this, (model, one) => model.WithoutFunction(one.name, one.Item2)),
        DropObjects drop => drop.Names.Aggregate(this, (model, name) => model.Drop(drop.Kind, name)),
        RenameColumn rename => Rename(rename),
        RenameConstraint rename => Change(rename.Table, t => t.RenameConstraint(rename.From, rename.To)),
        RenameObject rename => Move(rename.Kind, rename.From, name => name with { Name = rename.To }),
        MoveToSchema move => Move(move.Kind, move.Name, name => name with { Schema = move.Schema }),
        SetVariable { Name: "search_path" } set => this with { SearchPath = Path(set.Value) },
        _ => this,
    };

    private static ImmutableArray<string> Path(string? value)
    {
        var schemas = (value ?? "public").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(s => s.Trim('"')).Where(s => s != "$user").ToImmutableArray();
        return schemas.IsEmpty ? ["public"] : schemas;
    }

    private T? Find<T>(ImmutableDictionary<QualifiedName, T> objects, QualifiedName name) where T : class
    {
        if (name.Schema is not null) return objects.GetValueOrDefault(name);
        foreach (var schema in SearchPath)
            if (objects.TryGetValue(new QualifiedName(schema, name.Name), out var found))
                return found;
        return null;
    }

    private bool Exists(QualifiedName full) =>
        _tables.ContainsKey(full) || _views.ContainsKey(full) || _indexes.ContainsKey(full) || _enums.ContainsKey(full) || _domains.ContainsKey(full) ||
        _sequences.ContainsKey(full);

    private QualifiedName New(QualifiedName name) => name.Schema is null ? name with { Schema = SearchPath[0] } : name;

    private SchemaModel Add(AddEnumValue add) => Enum(add.Type) is { } found && !found.Values.Contains(add.Value)
        ? this with { _enums = _enums.SetItem(found.Name, found with { Values = found.Values.Add(add.Value) }) }
        : this;

    private SchemaModel Rename(RenameEnumValue rename) => Enum(rename.Type) is { } found && found.Values.Contains(rename.From)
        ? this with { _enums = _enums.SetItem(found.Name, found with { Values = found.Values.Replace(rename.From, rename.To) }) }
        : this;

    private SchemaModel Alter(AlterDomain alter)
    {
        if (Domain(alter.Domain) is not { } domain) return this;
        var constraints = alter.Action switch
        {
            DomainAction.AddConstraint when alter.Constraint is { } added =>
                domain.Constraints.Add(added with { Name = added.Name ?? ObjectNames.Choose(domain.Name.Name, [], "check", name => domain.Constraints.Any(c => c.Name == name)) }),
            DomainAction.SetNotNull => domain.Constraints.Add(new TableConstraint(ConstraintKind.NotNull, null, [], alter.Span)),
            DomainAction.DropNotNull => domain.Constraints.RemoveAll(c => c.Kind == ConstraintKind.NotNull),
            DomainAction.DropConstraint => domain.Constraints.RemoveAll(c => c.Name == alter.Name),
            DomainAction.ValidateConstraint => [.. domain.Constraints.Select(c => c.Name == alter.Name ? c with { NotValid = false } : c)],
            _ => domain.Constraints,
        };
        return this with { _domains = _domains.SetItem(domain.Name, domain with { Constraints = constraints }) };
    }

    private SchemaModel Create(CreateView create)
    {
        var name = New(create.View);
        var view = new ViewModel(name, create.IsMaterialized, [.. create.Relations.Select(Resolve)], []) { Columns = create.Columns, Functions = create.Functions };
        return this with { _views = _views.SetItem(name, view) };
    }

    private static PolicyModel Policy(CreatePolicy create)
    {
        var expressions = new[] { create.Using, create.WithCheck }.OfType<Expression>().ToList();
        return new PolicyModel(
            create.Name, [.. expressions.SelectMany(e => e.Columns).Distinct()], !expressions.Exists(e => e.Text.Contains("select", StringComparison.OrdinalIgnoreCase)));
    }

    private SchemaModel Change(QualifiedName name, Func<TableModel, TableModel> change) => Table(name) is { } table ? With(change(table)) : this;

    /// <summary>Puts a table in the place of the one of its name, and keeps the index of indexes.</summary>
    private SchemaModel With(TableModel table)
    {
        var old = _tables.GetValueOrDefault(table.Name);
        var model = this with { _tables = _tables.SetItem(table.Name, table) };
        if (old is not null && old.Indexes == table.Indexes) return model;
        model._indexes = _indexes
            .RemoveRange((old?.Indexes ?? []).Select(i => i.FullName))
            .SetItems(table.Indexes.Select(i => KeyValuePair.Create(i.FullName, table.Name)));
        return model;
    }
}
