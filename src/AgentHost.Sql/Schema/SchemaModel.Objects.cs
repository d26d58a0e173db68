using System.Collections.Immutable;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql;

/// <content>Sequences, functions, triggers, policies and rights.</content>
public sealed partial record SchemaModel
{
    /// <summary>The grantee that stands for everyone.</summary>
    public const string Public = "public";

    /// <summary>The privilege that stands for all of them.</summary>
    private const string AllPrivileges = "all";

    private ImmutableDictionary<QualifiedName, SequenceModel> _sequences = ImmutableDictionary<QualifiedName, SequenceModel>.Empty;

    private ImmutableDictionary<(ObjectKind Kind, QualifiedName Name), ImmutableHashSet<(string Grantee, string Privilege)>> _grants =
        ImmutableDictionary<(ObjectKind, QualifiedName), ImmutableHashSet<(string, string)>>.Empty;

    /// <summary>All sequences, in no order, those of serial and identity columns too.</summary>
    public IEnumerable<SequenceModel> Sequences => _sequences.Values;

    /// <summary>The sequence of that name, or null.</summary>
    public SequenceModel? Sequence(QualifiedName name) => Find(_sequences, name);

    /// <summary>Whether a role was granted a privilege on an object by name; <see cref="Public"/> for everyone.</summary>
    /// <param name="kind">What the object is.</param>
    /// <param name="name">Its name; of a schema, the name alone.</param>
    /// <param name="grantee">The role.</param>
    /// <param name="privilege">In lower case: <c>select</c>.</param>
    public bool IsGranted(ObjectKind kind, QualifiedName name, string grantee, string privilege) =>
        _grants.TryGetValue((kind, GrantName(kind, name)), out var rights) && (rights.Contains((grantee, privilege)) || rights.Contains((grantee, AllPrivileges)));

    /// <summary>The model where an index is known to be INVALID: a concurrent build left it behind, and no query may use it.</summary>
    public SchemaModel WithInvalidIndex(QualifiedName name) => Change(name, isValid: false);

    private SchemaModel Change(QualifiedName index, bool isValid)
    {
        if (Index(index) is not { } model || model.IsValid == isValid) return this;
        var changed = model with { IsValid = isValid };
        if (_tables.TryGetValue(model.Table, out var table)) return With(table with { Indexes = table.Indexes.Replace(model, changed) });
        var view = _views[model.Table];
        return this with { _views = _views.SetItem(view.Name, view with { Indexes = view.Indexes.Replace(model, changed) }) };
    }

    private QualifiedName GrantName(ObjectKind kind, QualifiedName name) => kind == ObjectKind.Schema ? new QualifiedName(null, name.Name) : Resolve(name);

    private SchemaModel Apply(Grant grant)
    {
        if (grant.IsDefault) return this;
        var names = grant.AllInSchema && grant.Kind == ObjectKind.Table
            ? [.. _tables.Keys.Concat(_views.Keys).Where(relation => grant.Names.Any(schema => schema.Name == relation.Schema))]
            : grant.AllInSchema ? [] : grant.Names;
        var rights = grant.Grantees.SelectMany(grantee => (grant.Privileges.IsEmpty ? [AllPrivileges] : grant.Privileges).Select(privilege => (grantee, privilege))).ToList();
        var all = grant.Privileges.IsEmpty || grant.Privileges.Contains(AllPrivileges);
        var grants = _grants;
        foreach (var key in names.Select(name => (grant.Kind, GrantName(grant.Kind, name))))
        {
            var held = grants.GetValueOrDefault(key, []);
            held = grant.IsGrant ? held.Union(rights) : all ? [.. held.Where(right => !grant.Grantees.Contains(right.Grantee))] : held.Except(rights);
            grants = grants.SetItem(key, held);
        }

        return this with { _grants = grants };
    }

    private SchemaModel Create(CreateSequence create)
    {
        var name = New(create.Name);
        return _sequences.ContainsKey(name) ? this : this with { _sequences = _sequences.Add(name, new SequenceModel(name, Resolve(create.OwnedBy))) };
    }

    private SchemaModel Alter(AlterSequence alter) => alter.ChangesOwner && Sequence(alter.Name) is { } sequence
        ? this with { _sequences = _sequences.SetItem(sequence.Name, sequence with { OwnedBy = Resolve(alter.OwnedBy) }) }
        : this;

    private OwningColumn? Resolve(OwningColumn? owner) => owner is null ? null : owner with { Table = Resolve(owner.Table) };

    /// <summary>The sequences that serial and identity columns bring along.</summary>
    private SchemaModel WithSequences(QualifiedName table, IEnumerable<ColumnDefinition> columns)
    {
        var model = this;
        foreach (var column in columns)
        {
            if (!column.IsIdentity && !column.Type.IsSerial) continue;
            var name = table with { Name = ObjectNames.Choose(table.Name, [column.Name], "seq", taken => model.Exists(table with { Name = taken })) };
            model = model with { _sequences = model._sequences.Add(name, new SequenceModel(name, new OwningColumn(table, column.Name))) };
        }

        return model;
    }

    /// <summary>Without the sequences that a table or one of its columns takes along.</summary>
    private SchemaModel WithoutSequences(QualifiedName table, string? column = null)
    {
        var gone = _sequences.Values.Where(s => s.OwnedBy is { } owner && owner.Table == table && (column is null || owner.Column == column)).Select(s => s.Name).ToList();
        return gone.Count == 0 ? this : this with { _sequences = _sequences.RemoveRange(gone) };
    }

    private SchemaModel Create(CreateFunction create)
    {
        var name = New(create.Name);
        var signature = string.Join(", ", create.Arguments);
        var old = _functions.GetValueOrDefault(name);
        var others = old?.Signatures.Remove(signature) ?? [];
        var volatility = !others.IsEmpty && string.CompareOrdinal(old!.Volatility, create.Volatility) > 0 ? old.Volatility : create.Volatility;
        return this with { _functions = _functions.SetItem(name, new FunctionModel(name, volatility, others.Add(signature))
        {
            IsSecurityDefiner = others.IsEmpty ? create.IsSecurityDefiner : null,
            PinsSearchPath = others.IsEmpty ? create.PinsSearchPath : null,
        }) };
    }

    private SchemaModel Alter(AlterFunction alter) => Function(alter.Name) is not { Signatures.Length: 1 } function ? this : this with
    {
        _functions = _functions.SetItem(function.Name, function with
        {
            IsSecurityDefiner = alter.SecurityDefiner ?? function.IsSecurityDefiner,
            PinsSearchPath = alter.PinsSearchPath ?? function.PinsSearchPath,
        }),
    };

    /// <summary>Without a function; without all of its name where its arguments are not written.</summary>
    private SchemaModel WithoutFunction(QualifiedName name, string? signature)
    {
        if (Function(name) is not { } function) return this;
        var left = signature is null ? [] : function.Signatures.Remove(signature);
        return this with { _functions = left.IsEmpty ? _functions.Remove(function.Name) : _functions.SetItem(function.Name, function with { Signatures = left }) };
    }

    private SchemaModel Create(CreateTrigger create) => Change(create.Table, t => t with
    {
        Triggers = t.Triggers.RemoveAll(trigger => trigger.Name == create.Name).Add(new TriggerModel(create.Name, create.Function, IsEnabled: true)),
    });

    private SchemaModel Create(CreatePolicy create) => Change(create.Table, t => t with
    {
        Policies = t.Policies.Add(Policy(create) with { Command = create.Command, IsPermissive = create.IsPermissive, Using = create.Using, WithCheck = create.WithCheck }),
    });

    /// <summary>Drops the policies or triggers of tables.</summary>
    private SchemaModel DropParts(DropObjects drop) => drop.Names.Zip(drop.Tables).Aggregate(this, (model, part) => model.Change(part.Second, t => drop.Kind == ObjectKind.Policy
        ? t with { Policies = t.Policies.RemoveAll(policy => policy.Name == part.First.Name) }
        : t with { Triggers = t.Triggers.RemoveAll(trigger => trigger.Name == part.First.Name) }));

    /// <summary>ENABLE and DISABLE TRIGGER, of one or of all.</summary>
    private static TableModel SwitchTriggers(TableModel table, OtherAction action) => table.Triggers.IsEmpty ? table : table with
    {
        Triggers = [.. table.Triggers.Select(t => action.Name is null || action.Name == t.Name ? t with { IsEnabled = action.Kind.StartsWith("AT_Enable", StringComparison.Ordinal) } : t)],
    };
}
