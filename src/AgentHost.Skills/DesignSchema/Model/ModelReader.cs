using System.Collections.Immutable;

namespace AgentHost.Skills.DesignSchema.Model;

/// <summary>Reads a model's YAML (or JSON, which is YAML) into records; what is wrong goes to the problem list, all of it.</summary>
internal static partial class ModelReader
{
    public const int MaxEntities = 300;
    public const int MaxAttributes = 300;
    public const int MaxRelationships = 1000;
    public const int MaxAccessPatterns = 500;

    /// <summary>The model, or null where nothing could be read; callers look at <paramref name="problems"/> first.</summary>
    public static DesignModel? Read(string text, ProblemList problems, CancellationToken ct)
    {
        var root = YamlTree.Read(text, problems, ct);
        if (root is null)
            return null;
        if (root is not YamlMap map)
        {
            problems.Add(root, "a model is a mapping that has 'entities:'");
            return null;
        }
        var fields = new YamlFields(map, "the model", problems,
            "name", "description", "options", "tenancy", "entities", "relationships", "accessPatterns", "volumes");
        var options = ReadOptions(fields, problems);
        var tenant = ReadTenancy(fields, problems);
        var volumes = ReadVolumes(fields, problems);
        var entities = ReadEntities(fields, options, volumes, problems);
        if (entities.IsEmpty && !problems.Any)
            problems.Add(map, "the model has no entities; it needs 'entities:' with at least one");
        var relationships = ReadRelationships(fields, problems);
        var patterns = ReadAccessPatterns(fields, problems);
        var name = fields["name"] is { } given ? Names.Read(given, "the model", problems)?.Name : null;
        var known = entities.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var unknown in volumes.Values.Where(v => !known.Contains(v.Entity.Name)))
            problems.Add(unknown.Entity, $"'volumes' names an unknown entity '{unknown.Entity.Written}'{NearestNames.Suggest(unknown.Entity.Name, known)}");
        return new DesignModel(name ?? "schema", fields.Text("description"), options, tenant, entities, relationships, patterns) { HasTenancy = fields["tenancy"] is not null };
    }

    private static DesignOptions ReadOptions(YamlFields model, ProblemList problems)
    {
        if (model["options"] is not { } node)
            return new DesignOptions(KeyStrategy.Identity, SoftDelete: false);
        if (node is not YamlMap map)
        {
            problems.Add(node, "'options' must be a mapping with 'keys' and 'softDelete'");
            return new DesignOptions(KeyStrategy.Identity, SoftDelete: false);
        }
        var fields = new YamlFields(map, "'options'", problems, "keys", "softDelete");
        return new DesignOptions(Keys(fields, "keys") ?? KeyStrategy.Identity, fields.Flag("softDelete") ?? false) { HasKeys = fields["keys"] is not null, HasSoftDelete = fields["softDelete"] is not null };
    }

    private static KeyStrategy? Keys(YamlFields fields, string key) => fields.Choice(key,
        ("identity", KeyStrategy.Identity), ("uuid", KeyStrategy.Uuid), ("uuidv7", KeyStrategy.Uuid), ("uuidv7-ish", KeyStrategy.Uuid), ("uuidv4", KeyStrategy.UuidV4));

    private static NameReference? ReadTenancy(YamlFields model, ProblemList problems)
    {
        switch (model["tenancy"])
        {
            case null or YamlScalar { Value: "none" }:
                return null;
            case YamlMap map:
                var fields = new YamlFields(map, "'tenancy'", problems, "mode", "entity");
                var shared = fields.Choice("mode", ("none", false), ("shared", true)) ?? fields["entity"] is not null;
                if (!shared)
                    return null;
                if (fields["entity"] is { } entity)
                    return Names.Read(entity, "the tenant entity", problems);
                problems.Add(map, "shared tenancy needs 'entity': the entity whose rows are the tenants");
                return null;
            case { } other:
                problems.Add(other, "'tenancy' must be none, or {mode: shared, entity: <name>}");
                return null;
        }
    }

    private sealed record Volume(NameReference Entity, long Rows);

    private static Dictionary<string, Volume> ReadVolumes(YamlFields model, ProblemList problems)
    {
        var result = new Dictionary<string, Volume>(StringComparer.Ordinal);
        if (model["volumes"] is not { } node)
            return result;
        if (node is not YamlMap map)
        {
            problems.Add(node, "'volumes' must map entities to their expected number of rows");
            return result;
        }
        foreach (var (key, value) in map.Entries)
        {
            if (Names.Read(key, "an entity", problems) is not { } entity)
                continue;
            var single = new YamlFields(new YamlMap([new YamlEntry(key, value)], key.Line, key.Column), "'volumes'", problems, key.Value);
            if (single.Whole(key.Value, 0, 1_000_000_000_000_000) is { } rows && !result.TryAdd(entity.Name, new Volume(entity, rows)))
                problems.Add(key, $"'{key.Value}' is given twice in 'volumes'");
        }
        return result;
    }

    private static ImmutableArray<Relationship> ReadRelationships(YamlFields model, ProblemList problems)
    {
        var result = ImmutableArray.CreateBuilder<Relationship>();
        foreach (var item in model.Items("relationships"))
        {
            if (item is not YamlMap map)
                problems.Add(item, "a relationship is a mapping with 'type', 'from' and 'to'");
            else if (result.Count >= MaxRelationships)
            {
                problems.Add(item, $"more than {MaxRelationships} relationships");
                break;
            }
            else if (ReadRelationship(map, problems) is { } relationship)
                result.Add(relationship);
        }
        return result.ToImmutable();
    }

    private static Relationship? ReadRelationship(YamlMap map, ProblemList problems)
    {
        var f = new YamlFields(map, "a relationship", problems, "type", "from", "to", "as", "required", "onDelete", "through", "attributes", "description");
        foreach (var needed in (string[])["type", "from", "to"])
        {
            if (f[needed] is null)
                problems.Add(map, $"a relationship needs '{needed}'");
        }
        var kind = f.Choice("type", ("one-to-many", (RelationshipKind.OneToMany, false)), ("many-to-one", (RelationshipKind.OneToMany, true)),
            ("one-to-one", (RelationshipKind.OneToOne, false)), ("many-to-many", (RelationshipKind.ManyToMany, false)));
        var from = f["from"] is { } a ? Names.Read(a, "an entity", problems) : null;
        var to = f["to"] is { } b ? Names.Read(b, "an entity", problems) : null;
        var role = f["as"] is { } r ? Names.Read(r, "a role", problems) : null;
        var through = f["through"] is { } t ? Names.Read(t, "a joining table", problems) : null;
        var required = f.Flag("required");
        var onDelete = f.Choice("onDelete", ("restrict", DeleteAction.Restrict), ("cascade", DeleteAction.Cascade),
            ("set null", DeleteAction.SetNull), ("no action", DeleteAction.NoAction));
        var attributes = ReadAttributes(f, problems);
        if (kind is not { } k || from is null || to is null)
            return null;
        if (k.Item2)
            (from, to) = (to, from);
        var many = k.Item1 == RelationshipKind.ManyToMany;
        if (!many && (through ?? attributes.FirstOrDefault()?.Id) is { } misplaced)
            problems.Add(misplaced, "'through' and 'attributes' belong to a many-to-many; here, give the attribute to the entity that has the key");
        if (many && required is not null)
            problems.Add(map, "'required' says nothing about a many-to-many: a pair exists or does not");
        var isRequired = many || (required ?? from.Name != to.Name);
        if (onDelete == DeleteAction.SetNull && isRequired)
            problems.Add(map, $"onDelete set null needs 'required: false': {to.Written} could not lose its {role?.Written ?? from.Written} otherwise");
        var action = onDelete ?? (many ? DeleteAction.Cascade : isRequired ? DeleteAction.Restrict : DeleteAction.SetNull);
        return new Relationship(k.Item1, from, to, role, isRequired, action, through, attributes, f.Text("description"));
    }

    private static ImmutableArray<AccessPattern> ReadAccessPatterns(YamlFields model, ProblemList problems)
    {
        var result = ImmutableArray.CreateBuilder<AccessPattern>();
        foreach (var (name, body) in model.Named("accessPatterns"))
        {
            if (result.Count >= MaxAccessPatterns)
            {
                problems.Add(name, $"more than {MaxAccessPatterns} access patterns");
                break;
            }
            if (body is not YamlMap map)
            {
                problems.Add(body, "an access pattern is a mapping with 'entity' and 'filter', 'range' or 'sort'");
                continue;
            }
            var f = new YamlFields(map, "an access pattern", problems, "entity", "filter", "range", "sort", "limit", "frequency", "description");
            if (f["entity"] is not { } entityNode)
            {
                problems.Add(map, "an access pattern needs 'entity'");
                continue;
            }
            var entity = Names.Read(entityNode, "an entity", problems);
            var range = f["range"] is { } r ? Names.Read(r, "a range", problems) : null;
            var sort = f.Items("sort").Select(s => ReadSort(s, problems)).OfType<SortKey>().ToImmutableArray();
            ImmutableArray<NameReference> filter = [.. f.References("filter")];
            if (f["filter"] is null && f["range"] is null && f["sort"] is null)
                problems.Add(map, "an access pattern needs 'filter', 'range' or 'sort'; reading a whole table needs no index");
            var limit = (int?)f.Whole("limit", 1, 1_000_000);
            if (entity is not null)
                result.Add(new AccessPattern((name as YamlScalar)?.Value ?? "", entity, filter, range, sort, limit, f.Text("frequency"), name.Line, name.Column));
        }
        foreach (var twice in result.GroupBy(p => p.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Last()))
            problems.Add(twice.Line, twice.Column, $"two access patterns are named '{Names.Shorten(twice.Name)}'");
        return result.ToImmutable();
    }

    private static SortKey? ReadSort(YamlNode node, ProblemList problems)
    {
        if (node is YamlMap { Entries: [var only] } && only.Value is YamlScalar word && word.Value.ToLowerInvariant() is "asc" or "desc")
            return Names.Read(only.Key, "a sort key", problems) is { } named ? new SortKey(named, word.Value.Equals("desc", StringComparison.OrdinalIgnoreCase)) : null;
        if (node is not YamlScalar scalar)
        {
            problems.Add(node, "a sort key is a name, '-name' for descending, or 'name desc'");
            return null;
        }
        var text = scalar.Value.Trim();
        var descending = text.StartsWith('-') || text.EndsWith(" desc", StringComparison.OrdinalIgnoreCase);
        text = text.TrimStart('-', '+');
        if (text.EndsWith(" desc", StringComparison.OrdinalIgnoreCase) || text.EndsWith(" asc", StringComparison.OrdinalIgnoreCase))
            text = text[..text.LastIndexOf(' ')];
        return Names.Read(scalar with { Value = text }, "a sort key", problems) is { } name ? new SortKey(name, descending) : null;
    }
}
