using System.Collections.Immutable;
using AgentHost.Skills.DesignSchema.Model;
using AgentHost.Sql;

namespace AgentHost.Skills.DesignSchema.Physical;

internal sealed partial class PhysicalDesigner
{
    private const int LookupThreshold = 10;

    private void AddRelationship(Relationship r)
    {
        var from = Find(r.From, "a relationship");
        var to = Find(r.To, "a relationship");
        if (from is null || to is null)
            return;
        if (r.Kind == RelationshipKind.ManyToMany)
            AddJunction(r, from, to);
        else if (from.IsTenantRoot && to.TenantColumn is not null && (r.Role is null || r.Role.Name == root!.Name))
            AdoptTenantColumn(r, to);
        else
            AddReference(r, parent: from, child: to);
    }

    /// <summary>A relationship from the tenants' entity is the tenant column that the table has anyway.</summary>
    private void AdoptTenantColumn(Relationship r, Draft child)
    {
        if (!r.IsRequired)
            problems.Add(r.To, $"'{child.At.Name}' belongs to a tenant, so its {root!.Name} is required; say 'tenanted: false' on the entity where tenants share it");
        var i = child.ForeignKeys.FindIndex(f => f.OwnColumn == tenantColumn);
        child.ForeignKeys[i] = child.ForeignKeys[i] with { OnDelete = r.OnDelete, IsOneToOne = r.Kind == RelationshipKind.OneToOne, Label = r.Description };
        if (r.Kind == RelationshipKind.OneToOne)
            child.UniqueSets.Add([tenantColumn!]);
    }

    private void AddReference(Relationship r, Draft parent, Draft child)
    {
        if (parent.Role != TableRole.Entity || child.Role != TableRole.Entity)
        {
            problems.Add(r.From, "a joining table cannot take part in a relationship; make it an entity of its own");
            return;
        }
        var role = r.Role?.Name ?? (parent == child ? "parent" : parent.At.Name);
        var column = ObjectNames.KeyColumn(role);
        if (child.Has(column))
        {
            problems.Add(r.Role ?? r.From, $"'{child.At.Name}' has two relationships that make the column '{column}'; tell them apart with 'as'");
            return;
        }
        child.AddReference(new Column(column, parent.KeyType, !r.IsRequired, ColumnSource.Reference) { Comment = r.Description }, role);
        if (!child.ColumnsByName.ContainsKey(parent.At.Name))
            child.ColumnsByName[parent.At.Name] = column;
        child.ForeignKeys.Add(Reference(child, column, parent, r.OnDelete) with { IsOneToOne = r.Kind == RelationshipKind.OneToOne, Label = r.Description });
        if (r.Kind == RelationshipKind.OneToOne)
            child.UniqueSets.Add(child.TenantColumn is { } t && parent.TenantColumn is not null ? [t, column] : [column]);
    }

    /// <summary>The key to a parent; through the tenant as well where both sides belong to one, so that it cannot cross tenants.</summary>
    private ForeignKey Reference(Draft child, string column, Draft parent, DeleteAction onDelete)
    {
        if (parent.TenantColumn is not { } parentTenant)
            return new ForeignKey("", [column], parent.Name, ["id"], onDelete, column);
        if (child.TenantKey is not { } childTenant)
        {
            log.Warn($"{child.Name} is shared by all tenants but points to {parent.Name}, which belongs to one: whoever reads {child.Name} sees that such a row exists");
            return new ForeignKey("", [column], parent.Name, ["id"], onDelete, column);
        }
        parent.IsTenantReferenced = true;
        if (onDelete == DeleteAction.SetNull && pgVersion < 15)
        {
            log.Warn($"{child.Name}.{column}: PostgreSQL 14 cannot set only a part of a composite key to null (ON DELETE SET NULL (column) is new in 15), so deleting the {parent.At.Name} is refused while {child.Name} point to it; clear {column} first");
            onDelete = DeleteAction.NoAction;
        }
        return new ForeignKey("", [childTenant, column], parent.Name, [parentTenant, "id"], onDelete, column);
    }

    private void AddJunction(Relationship r, Draft from, Draft to)
    {
        if (from.Role != TableRole.Entity || to.Role != TableRole.Entity)
        {
            problems.Add(r.From, "a many-to-many joins two entities");
            return;
        }
        var role = r.Role?.Name ?? (from == to ? $"related_{to.At.Name}" : to.At.Name);
        var name = r.Through?.Name ?? $"{from.At.Name}_{(model.Options.SingularTables ? role : Names.Pluralize(role))}";
        if (System.Text.Encoding.UTF8.GetByteCount(name) > Names.MaxBytes)
        {
            problems.Add(r.From, $"the joining table would be named '{Names.Shorten(name)}', longer than {Names.MaxBytes} bytes; name it with 'through'");
            return;
        }
        var isTenanted = from.TenantKey is not null || to.TenantKey is not null;
        var draft = new Draft(name, TableRole.Junction, new NameReference(name, name, r.From.Line, r.From.Column))
        {
            Comment = r.Description ?? $"Which {Names.Pluralize(to.At.Name)} belong to which {from.Name}.",
            TenantColumn = isTenanted ? tenantColumn : null, HasUpdatedAt = !r.Attributes.IsEmpty,
        };
        Register(draft, name);
        if (isTenanted)
        {
            draft.AddReference(new Column(tenantColumn!, byName[root!.Name].KeyType, false, ColumnSource.Tenant), root.Name);
            draft.ForeignKeys.Add(new ForeignKey("", [tenantColumn!], root.Table, ["id"], r.OnDelete, tenantColumn!));
        }
        var first = AddSide(draft, from, from.At.Name, r);
        var second = AddSide(draft, to, role, r);
        if (first == second)
        {
            problems.Add(r.To, $"both sides of '{name}' would be the column '{first}'; tell them apart with 'as'");
            return;
        }
        draft.PrimaryKey = [.. new[] { draft.TenantColumn, first, second }.OfType<string>().Distinct(StringComparer.Ordinal)];
        if (from == to)
            draft.Checks.Add(new Check(names.Make(name, ["distinct"], "check"), $"{SqlIdentifier.Quote(first)} <> {SqlIdentifier.Quote(second)}"));
        AddAttributes(draft, r.Attributes);
        log.Decide($"{name} joins {from.Name} and {to.Name}; its key is ({string.Join(", ", draft.PrimaryKey)})",
            "the pair is the row's identity, so it can stand once and needs no number of its own; the second index serves the other direction",
            "many-to-many", "The joining table");
    }

    private string AddSide(Draft junction, Draft side, string role, Relationship r)
    {
        var column = ObjectNames.KeyColumn(role);
        if (side.IsTenantRoot && column == tenantColumn)
            return column;
        if (!junction.Has(column))
        {
            junction.AddReference(new Column(column, side.KeyType, false, ColumnSource.Reference), role);
            junction.ForeignKeys.Add(Reference(junction, column, side, r.OnDelete));
        }
        return column;
    }

    private void AddLookup(Draft draft, EntityAttribute attribute)
    {
        var type = attribute.Type;
        var name = ObjectNames.LookupTable(draft.At.Name, model.Options.SingularTables ? attribute.Name : Names.Pluralize(attribute.Name));
        var lookup = new Draft(name, TableRole.Lookup, attribute.Id)
        {
            Comment = $"The values of {draft.Name}.{attribute.Name}.", PrimaryKey = ["code"], LookupValues = type.Values,
        };
        Register(lookup, name);
        lookup.Columns.Add(new Column("code", "text", false, ColumnSource.Key));
        lookup.Checks.Add(new Check(names.Make(name, ["code"], "check"), "length(code) BETWEEN 1 AND 63"));
        draft.ForeignKeys.Add(new ForeignKey("", [attribute.Name], name, ["code"], DeleteAction.Restrict, attribute.Name));
        log.Decide($"{draft.Name}.{attribute.Name} points to the lookup table {name} ({type.Values.Length} values)",
            type.Lookup == true ? "the model or a decision asks for it" : $"more than {LookupThreshold} values change often: a row is added without a schema change, and can carry a label or an order later",
            "enum-check-or-lookup-table", "Which to choose");
    }

    /// <summary>Required keys in a circle would let nobody insert the first row.</summary>
    private void CheckMandatoryCycles()
    {
        var state = new Dictionary<Draft, int>();
        var path = new List<Draft>();
        foreach (var draft in drafts)
            Visit(draft);

        void Visit(Draft draft)
        {
            if (state.TryGetValue(draft, out var seen))
            {
                if (seen == 1)
                {
                    var circle = path.SkipWhile(d => d != draft).Append(draft).Select(d => d.At.Name);
                    problems.Add(draft.At, $"required relationships form a circle ({string.Join(" needs ", circle)}): no first row could be inserted; say 'required: false' on one of them");
                }
                return;
            }
            state[draft] = 1;
            path.Add(draft);
            foreach (var key in draft.ForeignKeys.Where(k => !draft[k.OwnColumn].IsNullable))
            {
                if (drafts.Find(d => d.Name == key.References) is { } parent)
                    Visit(parent);
            }
            path.RemoveAt(path.Count - 1);
            state[draft] = 2;
        }
    }

    /// <summary>Referenced tables first where that can be; the keys that point forward are added behind the tables.</summary>
    private List<Draft> CreationOrder()
    {
        var ordered = new List<Draft>();
        var visited = new HashSet<Draft>();
        foreach (var draft in drafts)
            Visit(draft);
        return ordered;

        void Visit(Draft draft)
        {
            if (!visited.Add(draft))
                return;
            foreach (var key in draft.ForeignKeys.OrderBy(k => draft[k.OwnColumn].IsNullable))
                Visit(drafts.First(d => d.Name == key.References));
            ordered.Add(draft);
        }
    }
}
