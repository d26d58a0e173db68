using System.Collections.Immutable;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql;

/// <content>Making and altering tables and indexes.</content>
public sealed partial record SchemaModel
{
    private SchemaModel Create(CreateTable create)
    {
        var name = New(create.Table);
        if (_tables.ContainsKey(name)) return this;
        var sources = create.Like.Concat(create.Inherits).Concat(create.PartitionOf is { } parent ? [parent] : []).ToList();
        var known = sources.Select(Table).OfType<TableModel>().ToList();
        var table = new TableModel(name, [.. known.SelectMany(t => t.Columns).DistinctBy(c => c.Name)], [], [])
        {
            PartitionOf = create.PartitionOf is null ? null : Resolve(create.PartitionOf),
            IsPartitioned = create.IsPartitioned,
            PartitionKey = create.PartitionKey,
            IsDefaultPartition = create.IsDefaultPartition,
            Bound = create.Bound,
            IsTemporary = create.IsTemporary,
            ColumnsAreKnown = !create.IsFromQuery && !create.IsTyped && create.Inherits.IsEmpty && known.Count == sources.Count && known.TrueForAll(t => t.ColumnsAreKnown),
        };
        if (create.PartitionOf is not null || !create.Inherits.IsEmpty)
            table = table with { Constraints = [.. known.SelectMany(t => t.Constraints).Where(c => c is { Kind: ConstraintKind.Check, NoInherit: false })] };
        // A new table has no rows, so that whatever is declared NOT VALID holds for all of them (manual, CREATE TABLE).
        table = create.Columns.Aggregate(table, (t, column) => AddColumn(t, column, isNew: true));
        table = create.Constraints.Aggregate(table, (t, constraint) => AddConstraint(t, constraint with { NotValid = false }));
        var model = With(table).WithSequences(name, create.Columns);
        return table.PartitionOf is null ? model : model.Inherit(name, table.PartitionOf);
    }

    private SchemaModel Alter(AlterTable alter) =>
        alter.Kind is ObjectKind.Table ? alter.Actions.Aggregate(this, (model, action) => model.Alter(alter.Table, action, alter.Only)) : this;

    private SchemaModel Alter(QualifiedName name, AlterAction action, bool only)
    {
        var model = Alter(name, action);
        return only || action is AttachPartition or DetachPartition ? model : Partitions(name).Aggregate(model, (m, partition) => m.Alter(partition, ForPartition(action), only));
    }

    private SchemaModel Alter(QualifiedName name, AlterAction action) => action switch
    {
        AttachPartition attach => Change(attach.Partition, t => t with { PartitionOf = Resolve(name), IsDefaultPartition = attach.IsDefault, Bound = attach.Bound }).Inherit(attach.Partition, name),
        DetachPartition detach => Change(detach.Partition, t => t with { PartitionOf = null, IsDefaultPartition = false, Bound = null }),
        DropColumn drop => WithoutReferences(Resolve(name), drop.Column).WithoutSequences(Resolve(name), drop.Column).Change(name, t => t.Without(drop.Column)),
        AddColumn { Column: { IsIdentity: true } or { Type.IsSerial: true } } add when Table(name) is { } table && table.Column(add.Column.Name) is null =>
            Change(name, t => Alter(t, action)).WithSequences(table.Name, [add.Column]),
        DropConstraint drop => Change(name, t => t.WithoutConstraint(drop.Name)),
        _ => Change(name, t => Alter(t, action)),
    };

    private TableModel Alter(TableModel table, AlterAction action) => action switch
    {
        AddColumn add => AddColumn(table, add.Column, isNew: false),
        AlterColumnType alter => table.Change(alter.Column, c => c with { Type = alter.Type, Collation = alter.Collation }),
        SetNotNull set => table.Change(set.Column, c => c with { IsNotNull = true }),
        DropNotNull drop => table.Change(drop.Column, c => c with { IsNotNull = false }),
        SetDefault set => table.Change(set.Column, c => c with { Default = set.Default }),
        AddIdentity add => table.Change(add.Column, c => c with { IsIdentity = true, IsNotNull = true }),
        AddConstraint add => AddConstraint(table, add.Constraint),
        ValidateConstraint validate => table with
        {
            Constraints = [.. table.Constraints.Select(c => c.Name == validate.Name ? c with { NotValid = false } : c)],
        },
        OtherAction { Kind: "AT_EnableRowSecurity" } => table with { HasRowSecurity = true },
        OtherAction { Kind: "AT_DisableRowSecurity" } => table with { HasRowSecurity = false },
        OtherAction { Kind: "AT_ForceRowSecurity" } => table with { IsRowSecurityForced = true },
        OtherAction { Kind: "AT_NoForceRowSecurity" } => table with { IsRowSecurityForced = false },
        OtherAction { Kind: "AT_EnableTrig" or "AT_EnableTrigAll" or "AT_EnableTrigUser" or "AT_EnableAlwaysTrig" or "AT_EnableReplicaTrig" or "AT_DisableTrig" or "AT_DisableTrigAll" or "AT_DisableTrigUser" } trigger =>
            SwitchTriggers(table, trigger),
        _ => table,
    };

    private TableModel AddColumn(TableModel table, ColumnDefinition column, bool isNew)
    {
        var defined = new ColumnModel(
            column.Name, column.Type, column.IsNotNull || column.IsIdentity || column.Type.IsSerial, column.Default)
        {
            Collation = column.Collation,
            IsIdentity = column.IsIdentity,
            Generated = column.Generated,
        };
        // A partition's or an heir's column list repeats columns of the parent's; ADD COLUMN IF NOT EXISTS repeats the table's own.
        if (table.Column(column.Name) is null) table = table with { Columns = table.Columns.Add(defined) };
        else if (isNew) table = table.Change(column.Name, c => c with { IsNotNull = c.IsNotNull || defined.IsNotNull, Default = defined.Default ?? c.Default });
        else return table;
        return column.Constraints.Aggregate(table, (t, constraint) => AddConstraint(t, isNew ? constraint with { NotValid = false } : constraint));
    }

    private TableModel AddConstraint(TableModel table, TableConstraint constraint)
    {
        if (constraint.Kind == ConstraintKind.NotNull)
            return constraint.Columns.Aggregate(table, (t, column) => t.Change(column, c => c with { IsNotNull = true }));
        var used = constraint.UsingIndex is { } index ? table.Indexes.FirstOrDefault(i => i.Name == index) : null;
        if (used is not null) constraint = constraint with { Columns = [.. used.Keys.Select(k => k.Column).OfType<string>()] };
        var named = constraint with
        {
            Name = constraint.Name ?? constraint.UsingIndex ?? ConstraintName(table, constraint),
            References = constraint.References is { } target ? Resolve(target) : null,
        };
        table = table with { Constraints = table.Constraints.Add(named) };
        if (named.Kind == ConstraintKind.PrimaryKey)
            table = named.Columns.Aggregate(table, (t, column) => t.Change(column, c => c with { IsNotNull = true }));
        if (used is not null)
            return table with { Indexes = table.Indexes.Replace(used, used with { Name = named.Name, Constraint = named.Name, IsPrimary = named.Kind == ConstraintKind.PrimaryKey }) };
        return named.Kind is ConstraintKind.PrimaryKey or ConstraintKind.Unique or ConstraintKind.Exclusion
            ? table with { Indexes = table.Indexes.Add(IndexOf(table.Name, named)) }
            : table;
    }

    private static IndexModel IndexOf(QualifiedName table, TableConstraint constraint) =>
        new(constraint.Name!, table, constraint.Kind != ConstraintKind.Exclusion, constraint.Method ?? "btree",
            [.. constraint.Columns.Select(c => new IndexKey(c, null, Descending: false, NullsFirst: false))], constraint.Include, null)
        {
            Constraint = constraint.Name,
            IsPrimary = constraint.Kind == ConstraintKind.PrimaryKey,
        };

    private string ConstraintName(TableModel table, TableConstraint constraint)
    {
        var (columns, label) = constraint.Kind switch
        {
            ConstraintKind.PrimaryKey => ([], "pkey"),
            ConstraintKind.Unique => (constraint.Columns.Concat(constraint.Include), "key"),
            ConstraintKind.Exclusion => (constraint.Columns.Concat(constraint.Include), "excl"),
            ConstraintKind.ForeignKey => (constraint.Columns, "fkey"),
            _ => (constraint.Check!.Columns is [var only] ? [only] : Enumerable.Empty<string>(), "check"),
        };
        return ObjectNames.Choose(
            table.Name.Name, columns, label,
            name => table.Constraint(name) is not null || (label != "check" && label != "fkey" && Exists(table.Name with { Name = name })));
    }

    private SchemaModel Create(CreateIndex create)
    {
        if (create.Name is not null && create.IfNotExists && Exists(Resolve(create.Table) with { Name = create.Name })) return this;
        var owner = Resolve(create.Table);
        var model = WithNewIndex(owner, create);
        return create.Only
            ? model
            : Partitions(owner).Aggregate(model, (m, partition) => m.Create(create with { Name = null, Table = partition, IfNotExists = false }));
    }

    private SchemaModel WithNewIndex(QualifiedName owner, CreateIndex create)
    {
        var name = create.Name ?? ObjectNames.Choose(
            owner.Name, create.Keys.Select(NamePart).Concat(create.Include), "idx", candidate => Exists(owner with { Name = candidate }));
        var index = new IndexModel(name, owner, create.IsUnique, create.Method, create.Keys, create.Include, create.Predicate);
        if (_tables.TryGetValue(owner, out var table)) return With(table with { Indexes = table.Indexes.Add(index) });
        return _views.TryGetValue(owner, out var view)
            ? this with { _views = _views.SetItem(owner, view with { Indexes = view.Indexes.Add(index) }), _indexes = _indexes.SetItem(index.FullName, owner) }
            : this;
    }

    private static string NamePart(IndexKey key) => key.Column ?? key.Expression!.ImpliedName ?? "expr";
}
