using System.Collections.Immutable;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql;

/// <content>Dropping and renaming.</content>
public sealed partial record SchemaModel
{
    private SchemaModel Drop(ObjectKind kind, QualifiedName name)
    {
        var full = Resolve(name);
        switch (kind)
        {
            case ObjectKind.Table:
                return WithoutTable(full);
            case ObjectKind.View or ObjectKind.MaterializedView:
                return WithoutView(full);
            case ObjectKind.Index:
                return WithoutIndex(full);
            case ObjectKind.Sequence:
                return this with { _sequences = _sequences.Remove(full) };
            case ObjectKind.Type or ObjectKind.Domain:
                return this with { _enums = _enums.Remove(full), _domains = _domains.Remove(full) };
            case ObjectKind.Schema:
                var model = _tables.Keys.Where(t => t.Schema == name.Name).Aggregate(this, (m, t) => m.WithoutTable(t));
                model = model._views.Keys.Where(v => v.Schema == name.Name).Aggregate(model, (m, v) => m.WithoutView(v));
                return model with
                {
                    _enums = model._enums.RemoveRange(model._enums.Keys.Where(t => t.Schema == name.Name)),
                    _domains = model._domains.RemoveRange(model._domains.Keys.Where(t => t.Schema == name.Name)),
                    _functions = model._functions.RemoveRange(model._functions.Keys.Where(t => t.Schema == name.Name)),
                    _sequences = model._sequences.RemoveRange(model._sequences.Keys.Where(t => t.Schema == name.Name)),
                };
            default:
                return this;
        }
    }

    /// <summary>Without a table, its partitions, the foreign keys that reference them and the views that read them.</summary>
    private SchemaModel WithoutTable(QualifiedName name)
    {
        if (!_tables.TryGetValue(name, out var table)) return this;
        var model = this with { _tables = _tables.Remove(name), _indexes = _indexes.RemoveRange(table.Indexes.Select(i => i.FullName)) };
        model = PartitionsOf(name).Aggregate(model, (m, partition) => m.WithoutTable(partition.Name));
        model = model.WithoutReferences(name, column: null).WithoutSequences(name);
        model = model._grants.IsEmpty ? model : model with { _grants = model._grants.Remove((ObjectKind.Table, name)) };
        return model.Readers(name).Aggregate(model, (m, view) => m.WithoutView(view));
    }

    private SchemaModel WithoutView(QualifiedName name)
    {
        if (!_views.TryGetValue(name, out var view)) return this;
        var model = this with { _views = _views.Remove(name), _indexes = _indexes.RemoveRange(view.Indexes.Select(i => i.FullName)) };
        return model.Readers(name).Aggregate(model, (m, reader) => m.WithoutView(reader));
    }

    private ImmutableArray<QualifiedName> Readers(QualifiedName relation) =>
        [.. Views.Where(v => v.Relations.Contains(relation)).Select(v => v.Name)];

    private SchemaModel WithoutIndex(QualifiedName name)
    {
        if (!_indexes.TryGetValue(name, out var owner)) return this;
        if (_tables.TryGetValue(owner, out var table)) return With(table with { Indexes = table.Indexes.RemoveAll(i => i.Name == name.Name) });
        var view = _views[owner];
        return this with
        {
            _views = _views.SetItem(owner, view with { Indexes = view.Indexes.RemoveAll(i => i.Name == name.Name) }),
            _indexes = _indexes.Remove(name),
        };
    }

    /// <summary>Without the foreign keys that reference a table, or one column of it.</summary>
    private SchemaModel WithoutReferences(QualifiedName table, string? column)
    {
        bool Falls(TableConstraint c) => c.References == table && (column is null || ReferencedColumns(c).Contains(column));
        return Tables.Where(t => t.Constraints.Any(Falls))
            .Aggregate(this, (model, t) => model.With(t with { Constraints = t.Constraints.RemoveAll(Falls) }));
    }

    /// <summary>The columns that a foreign key references: the primary key's where none are written.</summary>
    private ImmutableArray<string> ReferencedColumns(TableConstraint foreignKey) =>
        foreignKey.ReferencedColumns.IsEmpty ? Table(foreignKey.References!)?.PrimaryKey?.Columns ?? [] : foreignKey.ReferencedColumns;

    private SchemaModel Rename(RenameColumn rename)
    {
        if (Table(rename.Relation) is not { } table) return this;
        var model = With(table.Rename(rename.From, rename.To));
        model = ChangeReferences(model, table.Name, c => c with
        {
            ReferencedColumns = [.. c.ReferencedColumns.Select(name => name == rename.From ? rename.To : name)],
        });
        return Partitions(table.Name).Aggregate(model, (m, partition) => m.Rename(rename with { Relation = partition }));
    }

    private SchemaModel Move(ObjectKind kind, QualifiedName name, Func<QualifiedName, QualifiedName> change)
    {
        var from = Resolve(name);
        var to = change(from);
        if (from == to) return this;
        // ALTER TABLE renames views and indexes as well.
        if (_tables.TryGetValue(from, out var table)) return MoveTable(table, to);
        if (_views.TryGetValue(from, out var view)) return MoveView(view, to);
        if (Index(from) is { } index) return RenameIndex(index, to.Name);
        if (_enums.TryGetValue(from, out var type)) return this with { _enums = _enums.Remove(from).Add(to, type with { Name = to }) };
        if (_sequences.TryGetValue(from, out var sequence)) return this with { _sequences = _sequences.Remove(from).Add(to, sequence with { Name = to }) };
        if (kind == ObjectKind.Function && _functions.TryGetValue(from, out var function)) return this with { _functions = _functions.Remove(from).SetItem(to, function with { Name = to }) };
        if (_domains.TryGetValue(from, out var domain)) return this with { _domains = _domains.Remove(from).Add(to, domain with { Name = to }) };
        return kind == ObjectKind.Schema ? MoveSchema(name.Name, to.Name) : this;
    }

    private SchemaModel MoveTable(TableModel table, QualifiedName to)
    {
        var from = table.Name;
        var model = this with { _tables = _tables.Remove(from), _indexes = _indexes.RemoveRange(table.Indexes.Select(i => i.FullName)) };
        model = model.With(table with { Name = to, Indexes = [.. table.Indexes.Select(i => i with { Table = to })] });
        model = PartitionsOf(from).Aggregate(model, (m, partition) => m.With(partition with { PartitionOf = to }));
        model = ChangeReferences(model, from, c => c with { References = to });
        var owned = model._sequences.Values.Where(s => s.OwnedBy?.Table == from).Select(s => KeyValuePair.Create(s.Name, s with { OwnedBy = s.OwnedBy! with { Table = to } })).ToList();
        if (owned.Count > 0) model = model with { _sequences = model._sequences.SetItems(owned) };
        return model.Reread(from, to);
    }

    private SchemaModel MoveView(ViewModel view, QualifiedName to)
    {
        var moved = view with { Name = to, Indexes = [.. view.Indexes.Select(i => i with { Table = to })] };
        var model = this with
        {
            _views = _views.Remove(view.Name).Add(to, moved),
            _indexes = _indexes.RemoveRange(view.Indexes.Select(i => i.FullName)).SetItems(moved.Indexes.Select(i => KeyValuePair.Create(i.FullName, to))),
        };
        return model.Reread(view.Name, to);
    }

    private SchemaModel MoveSchema(string from, string to)
    {
        var model = _tables.Values.Where(t => t.Name.Schema == from).Aggregate(this, (m, t) => m.MoveTable(m._tables[t.Name], t.Name with { Schema = to }));
        return model._views.Values.Where(v => v.Name.Schema == from).Aggregate(model, (m, v) => m.MoveView(m._views[v.Name], v.Name with { Schema = to }));
    }

    /// <summary>Renames an index, and with it the constraint that it serves.</summary>
    private SchemaModel RenameIndex(IndexModel index, string to)
    {
        if (index.Constraint is { } constraint) return Change(index.Table, t => t.RenameConstraint(constraint, to));
        if (_tables.TryGetValue(index.Table, out var table)) return With(table with { Indexes = table.Indexes.Replace(index, index with { Name = to }) });
        var view = _views[index.Table];
        return this with
        {
            _views = _views.SetItem(view.Name, view with { Indexes = view.Indexes.Replace(index, index with { Name = to }) }),
            _indexes = _indexes.Remove(index.FullName).Add(index.FullName with { Name = to }, view.Name),
        };
    }

    private SchemaModel Reread(QualifiedName from, QualifiedName to) => this with
    {
        _views = _views.SetItems(Views.Where(v => v.Relations.Contains(from))
            .Select(v => KeyValuePair.Create(v.Name, v with { Relations = v.Relations.Replace(from, to) }))),
    };

    private static SchemaModel ChangeReferences(SchemaModel model, QualifiedName table, Func<TableConstraint, TableConstraint> change) =>
        model.Tables.Where(t => t.Constraints.Any(c => c.References == table))
            .Aggregate(model, (m, t) => m.With(t with { Constraints = [.. t.Constraints.Select(c => c.References == table ? change(c) : c)] }));
}
