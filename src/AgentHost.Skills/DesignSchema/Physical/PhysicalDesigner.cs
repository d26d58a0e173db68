using System.Collections.Immutable;
using AgentHost.Skills.DesignSchema.Model;
using AgentHost.Sql;

namespace AgentHost.Skills.DesignSchema.Physical;

/// <summary>Decides the tables, keys, constraints and indexes for a model. What the model says wrongly goes to the problem list.</summary>
internal sealed partial class PhysicalDesigner
{
    private readonly DesignModel model;
    private readonly int pgVersion;
    private readonly ProblemList problems;
    private readonly DecisionLog log;
    private readonly ObjectNames names = new();
    private readonly List<Draft> drafts = [];
    private readonly Dictionary<string, Draft> byName = new(StringComparer.Ordinal);
    private readonly List<string> checkedEnums = [];
    private readonly List<(string Name, ImmutableArray<string> Values)> enumTypes = [];
    private readonly Entity? root;
    private readonly string? tenantColumn;

    private PhysicalDesigner(DesignModel model, int pgVersion, ProblemList problems, DecisionLog log)
    {
        (this.model, this.pgVersion, this.problems, this.log) = (model, pgVersion, problems, log);
        if (model.TenantEntity is not { } tenant)
            return;
        root = model.Entities.FirstOrDefault(e => e.Name == tenant.Name);
        if (root is null)
            problems.Add(tenant, $"the tenant entity '{tenant.Written}' is not among the entities{NearestNames.Suggest(tenant.Name, model.Entities.Select(e => e.Name))}");
        tenantColumn = ObjectNames.KeyColumn(tenant.Name);
    }

    /// <summary>The schema, or null where problems were added.</summary>
    public static PhysicalSchema? Design(DesignModel model, int pgVersion, ProblemList problems, DecisionLog log) =>
        new PhysicalDesigner(model, pgVersion, problems, log).Run();

    private PhysicalSchema? Run()
    {
        foreach (var entity in model.Entities)
            AddEntity(entity);
        foreach (var relationship in model.Relationships)
            AddRelationship(relationship);
        CheckMandatoryCycles();
        foreach (var draft in drafts.ToList().Where(d => d.Entity is not null))
            AddAttributes(draft, draft.Entity!.Attributes);
        foreach (var draft in drafts)
            AddTimestamps(draft);
        foreach (var draft in drafts.Where(d => d.Entity is not null))
            AddUniqueSets(draft);
        if (problems.Any)
            return null;
        var ordered = CreationOrder();
        var patterns = new List<PatternPlan>();
        var tables = ordered.Select(d => Finish(d, patterns)).ToImmutableArray();
        AddAccessPatternProblems();
        if (problems.Any)
            return null;
        DecideOverall(tables);
        var order = model.AccessPatterns.Select((p, i) => (p.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
        var tenant = root is null ? null : new TenantKey(root.Table, tenantColumn!, byName[root.Name].KeyType);
        return new PhysicalSchema(model.Name, model.Description, tables, tenant, [.. patterns.OrderBy(p => order[p.Name])],
            drafts.Exists(d => d.Entity?.Keys == KeyStrategy.Uuid)) { EnumTypes = [.. enumTypes], PlainTimestamps = model.Options.PlainTimestamps };
    }

    private void AddEntity(Entity entity)
    {
        var tenanted = root is not null && entity != root && entity.IsTenanted;
        var draft = new Draft(entity.Table, TableRole.Entity, entity.Id)
        {
            Entity = entity, Comment = entity.Description, KeyType = KeyType(entity),
            IsTenantRoot = entity == root, TenantColumn = tenanted ? tenantColumn : null, HasUpdatedAt = true,
        };
        Register(draft, entity.Name);
        var identity = entity.Keys == KeyStrategy.Identity;
        draft.Columns.Add(new Column("id", draft.KeyType, false, ColumnSource.Key)
        {
            IsIdentity = identity, Default = identity ? null : entity.Keys == KeyStrategy.UuidV4 ? "gen_random_uuid()" : pgVersion >= 18 ? "uuidv7()" : "uuid_v7()",
        });
        draft.ColumnsByName["id"] = "id";
        if (!tenanted)
            return;
        draft.AddReference(new Column(tenantColumn!, KeyType(root!), false, ColumnSource.Tenant), root!.Name);
        draft.ForeignKeys.Add(new ForeignKey("", [tenantColumn!], root.Table, ["id"], DeleteAction.Restrict, tenantColumn!));
    }

    private static string KeyType(Entity entity) => entity.Keys == KeyStrategy.Identity ? "bigint" : "uuid";

    private void Register(Draft draft, string name)
    {
        if (!names.Reserve(draft.Name))
            problems.Add(draft.At, $"two tables would be named '{draft.Name}'; give one a 'table' (entity) or 'through' (many-to-many) of its own");
        if (draft.Role == TableRole.Entity && draft.Entity!.Keys == KeyStrategy.Identity)
            names.Reserve(ObjectNames.SequenceOf(draft.Name));
        drafts.Add(draft);
        byName.TryAdd(name, draft);
    }

    private Draft? Find(NameReference entity, string where)
    {
        if (byName.TryGetValue(entity.Name, out var draft) || byName.TryGetValue(Singular(entity.Name), out draft))
            return draft;
        problems.Add(entity, $"{where} names an unknown entity '{entity.Written}'{NearestNames.Suggest(entity.Name, byName.Keys)}");
        return null;
    }

    private string Singular(string name) => drafts.Find(d => d.Name == name)?.At.Name ?? name;

    private void AddAttributes(Draft draft, ImmutableArray<EntityAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (draft.Has(attribute.Name))
            {
                problems.Add(attribute.Id, $"'{draft.At.Name}' has an attribute '{attribute.Name}', and a relationship makes a column of that name; leave the attribute out");
                continue;
            }
            draft.Columns.Add(new Column(attribute.Name, attribute.Type.IsNativeEnum ? EnumType(draft, attribute) : attribute.Type.SqlType, !attribute.IsRequired, ColumnSource.Attribute)
            {
                Default = attribute.Default, Comment = attribute.Description, Type = attribute.Type,
            });
            draft.ColumnsByName[attribute.Name] = attribute.Name;
            AddChecks(draft, attribute);
            if (attribute.Uniqueness != Uniqueness.None)
                draft.UniqueSets.Add(attribute.Uniqueness == Uniqueness.PerTenant && draft.TenantColumn is { } t ? [t, attribute.Name] : [attribute.Name]);
        }
    }

    private string EnumType(Draft draft, EntityAttribute attribute)
    {
        // A table has a type of its own name, so the two share one space of names.
        var name = ObjectNames.LookupTable(draft.At.Name, attribute.Name);
        while (!names.Reserve(name))
            name = ObjectNames.LookupTable(name, "enum");
        enumTypes.Add((name, attribute.Type.Values));
        return SqlIdentifier.Quote(name);
    }

    private void AddChecks(Draft draft, EntityAttribute attribute)
    {
        var (type, column) = (attribute.Type, SqlIdentifier.Quote(attribute.Name));
        if (type.Family == ValueFamily.Enum && (type.Lookup ?? type.Values.Length > LookupThreshold))
        {
            AddLookup(draft, attribute);
        }
        else
        {
            var conditions = new List<string>();
            if (type is { Family: ValueFamily.Enum, IsNativeEnum: false })
            {
                conditions.Add($"{column} IN ({string.Join(", ", type.Values.Select(AttributeType.Quote))})");
                checkedEnums.Add($"{draft.Name}.{attribute.Name}");
            }
            if (type.MaxLength is { } max && type.SqlType == "text")
                conditions.Add($"length({column}) <= {max}");
            if (type.Pattern is { } pattern)
                conditions.Add($"{column} ~ {AttributeType.Quote(pattern)}");
            if (type.IsLowerCase)
                conditions.Add($"{column} = lower({column})");
            if (type.Minimum is { } least)
                conditions.Add($"{column} >= {least}");
            if (type.Maximum is { } most)
                conditions.Add($"{column} <= {most}");
            if (conditions.Count > 0)
                draft.Checks.Add(new Check(names.Make(draft.Name, [attribute.Name], "check"), string.Join(" AND ", conditions)));
        }
        if (attribute.Check is { } rule)
            draft.Checks.Add(new Check(names.Make(draft.Name, [attribute.Name, "rule"], "check"), rule));
    }

    private void AddTimestamps(Draft draft)
    {
        if (draft.Role == TableRole.Lookup)
            return;
        var (type, now) = model.Options.PlainTimestamps ? ("timestamp", "(now() AT TIME ZONE 'UTC')") : ("timestamptz", "now()");
        draft.Columns.Add(new Column("created_at", type, false, ColumnSource.Timestamp) { Default = now });
        if (draft.HasUpdatedAt)
            draft.Columns.Add(new Column("updated_at", type, false, ColumnSource.Timestamp) { Default = now });
        if (draft.IsSoftDeleted)
            draft.Columns.Add(new Column("deleted_at", type, true, ColumnSource.Timestamp));
        foreach (var column in draft.Columns.Where(c => c.Source == ColumnSource.Timestamp))
            draft.ColumnsByName[column.Name] = column.Name;
    }

    private void AddUniqueSets(Draft draft)
    {
        foreach (var set in draft.Entity!.Unique)
        {
            var columns = set.Select(n => draft.Resolve(n, "'unique'", problems)).OfType<string>().ToImmutableArray();
            if (columns.IsEmpty || columns.Length != set.Length)
                continue;
            if (draft.TenantColumn is { } t && !columns.Contains(t))
                columns = columns.Insert(0, t);
            if (columns.Distinct(StringComparer.Ordinal).Count() != columns.Length)
                problems.Add(set[0], "'unique' names the same column twice");
            else if (columns is [var only] && only == draft.TenantColumn)
                problems.Add(set[0], $"unique on the tenant alone would allow each tenant one {draft.At.Name}; name what is unique within the tenant, or use a one-to-one relationship");
            else if (!draft.UniqueSets.Exists(u => u.ToHashSet(StringComparer.Ordinal).SetEquals(columns)))
                draft.UniqueSets.Add(columns);
        }
        foreach (var condition in draft.Entity.Checks)
            draft.Checks.Add(new Check(names.Make(draft.Name, ["rule"], "check"), condition));
    }
}
