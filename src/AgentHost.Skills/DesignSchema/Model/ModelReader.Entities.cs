using System.Collections.Immutable;
using System.Globalization;

namespace AgentHost.Skills.DesignSchema.Model;

internal static partial class ModelReader
{
    private static readonly ImmutableHashSet<string> OwnColumns = ["id", "created_at", "updated_at", "deleted_at"];
    private static readonly ImmutableHashSet<string> SystemColumns = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

    private static ImmutableArray<Entity> ReadEntities(YamlFields model, DesignOptions options, Dictionary<string, Volume> volumes, ProblemList problems)
    {
        var result = ImmutableArray.CreateBuilder<Entity>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var count = 0;
        foreach (var (nameNode, body) in model.Named("entities"))
        {
            if (++count > MaxEntities)
            {
                problems.Add(nameNode, $"more than {MaxEntities} entities; split the model by domain");
                break;
            }
            if (Names.Read(nameNode, "an entity", problems) is not { } id)
                continue;
            if (!seen.Add(id.Name))
                problems.Add(id, $"two entities are named '{id.Name}'");
            else if (ReadEntity(id, body, options, volumes, problems) is { } entity)
                result.Add(entity);
        }
        return result.ToImmutable();
    }

    private static Entity? ReadEntity(NameReference id, YamlNode body, DesignOptions options, Dictionary<string, Volume> volumes, ProblemList problems)
    {
        if (body is YamlScalar { IsNull: true })
            body = new YamlMap([], body.Line, body.Column);
        if (body is not YamlMap map)
        {
            problems.Add(body, $"entity '{id.Written}' must be a mapping with 'attributes'");
            return null;
        }
        var f = new YamlFields(map, $"entity '{id.Written}'", problems,
            "description", "table", "tenanted", "key", "softDelete", "attributes", "unique", "checks");
        var table = f["table"] is { } given ? Names.Read(given, "a table", problems)?.Name : Names.Pluralize(id.Name);
        if (table is not null && System.Text.Encoding.UTF8.GetByteCount(table) > Names.MaxBytes)
            problems.Add(id, $"the table name '{Names.Shorten(table)}' is longer than PostgreSQL's {Names.MaxBytes} bytes; give a shorter 'table'");
        if (table?.StartsWith("pg_", StringComparison.Ordinal) == true)
            problems.Add(id, $"'{table}' begins with pg_, which PostgreSQL keeps for its catalog; choose another name");
        var checks = f.Items("checks").Select(c => CheckCondition.Read(c, problems)).OfType<string>().ToImmutableArray();
        return new Entity(id, table ?? id.Name, f.Text("description"), f.Flag("tenanted") ?? true,
            Keys(f, "key") ?? options.Keys, f.Flag("softDelete") ?? options.SoftDelete,
            ReadAttributes(f, problems), ReadUnique(f, problems), checks, volumes.GetValueOrDefault(id.Name)?.Rows)
        {
            HasTable = f["table"] is not null,
            HasKeys = options.HasKeys || f["key"] is not null,
            HasSoftDelete = options.HasSoftDelete || f["softDelete"] is not null,
        };
    }

    private static ImmutableArray<ImmutableArray<NameReference>> ReadUnique(YamlFields f, ProblemList problems)
    {
        var items = f.Items("unique").ToList();
        if (items.Count > 0 && items.TrueForAll(i => i is YamlScalar))
            return [[.. f.References("unique")]];
        var result = ImmutableArray.CreateBuilder<ImmutableArray<NameReference>>();
        foreach (var item in items)
        {
            if (item is YamlList list)
                result.Add([.. list.Items.Select(i => Names.Read(i, "an item of 'unique'", problems)).OfType<NameReference>()]);
            else
                problems.Add(item, "'unique' is one list of names, or a list of such lists");
        }
        return result.ToImmutable();
    }

    private static ImmutableArray<EntityAttribute> ReadAttributes(YamlFields owner, ProblemList problems)
    {
        var result = ImmutableArray.CreateBuilder<EntityAttribute>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (nameNode, body) in owner.Named("attributes"))
        {
            if (result.Count >= MaxAttributes)
            {
                problems.Add(nameNode, $"more than {MaxAttributes} attributes in one entity");
                break;
            }
            if (Names.Read(nameNode, "an attribute", problems) is not { } id)
                continue;
            if (SystemColumns.Contains(id.Name))
                problems.Add(id, $"'{id.Name}' is a system column of every PostgreSQL table; choose another name");
            else if (OwnColumns.Contains(id.Name))
                problems.Add(id, $"'{id.Name}' is added by the designer; leave it out (deleted_at comes with softDelete: true)");
            else if (!seen.Add(id.Name))
                problems.Add(id, $"two attributes are named '{id.Name}'");
            else if (ReadAttribute(id, body, problems) is { } attribute)
                result.Add(attribute);
        }
        return result.ToImmutable();
    }

    private static EntityAttribute? ReadAttribute(NameReference id, YamlNode body, ProblemList problems)
    {
        if (body is YamlScalar { IsNull: false } word)
            return AttributeType.Read(word, problems) is { } plain && EnumIsSound(plain, word, problems)
                ? new EntityAttribute(id, plain, IsRequired: true, Uniqueness.None, null, null, null) : null;
        if (body is not YamlMap map)
        {
            problems.Add(body, $"attribute '{id.Written}' needs a type: one word, or a mapping with 'type'");
            return null;
        }
        var f = new YamlFields(map, $"attribute '{id.Written}'", problems,
            "type", "values", "lookup", "required", "unique", "default", "check", "min", "max", "description");
        if (f["type"] is not YamlScalar typeNode)
        {
            problems.Add(f["type"] ?? map, $"attribute '{id.Written}' needs a 'type' in one word, as text or instant");
            return null;
        }
        if (AttributeType.Read(typeNode, problems) is not { } type)
            return null;
        if (f["values"] is { } values)
        {
            if (type.Family == ValueFamily.Enum)
                type = type with { Values = [.. f.Items("values").OfType<YamlScalar>().Select(v => v.Value)] };
            else
                problems.Add(values, $"only an enum has 'values'; '{id.Written}' is {type.Word}");
        }
        if (!EnumIsSound(type, typeNode, problems))
            return null;
        type = WithLimits(type with { Lookup = f.Flag("lookup") }, f, problems);
        var unique = f.Choice("unique", ("true", Uniqueness.PerTenant), ("yes", Uniqueness.PerTenant), ("per tenant", Uniqueness.PerTenant),
            ("global", Uniqueness.Global), ("false", Uniqueness.None), ("no", Uniqueness.None)) ?? Uniqueness.None;
        var fallback = f["default"] switch
        {
            null => null,
            YamlScalar s => type.DefaultLiteral(s, problems),
            var other => Complain(other, "'default' must be one value; JSON goes in quotes, as '{}'", problems),
        };
        var check = f["check"] is { } c ? CheckCondition.Read(c, problems) : null;
        return new EntityAttribute(id, type, f.Flag("required") ?? true, unique, fallback, check, f.Text("description"));
    }

    private static AttributeType WithLimits(AttributeType type, YamlFields f, ProblemList problems)
    {
        if (type.Family is ValueFamily.Text)
        {
            if (f["min"] is { } min)
                problems.Add(min, "'min' is for numbers; a text has 'max' characters");
            return f.Whole("max", 1, 10_000_000) is { } length ? type with { MaxLength = (int)length } : type;
        }
        return type with { Minimum = Limit("min"), Maximum = Limit("max") };

        string? Limit(string key)
        {
            if (f[key] is not { } node)
                return null;
            if (type.Family is ValueFamily.Whole or ValueFamily.Number && node is YamlScalar s
                && decimal.TryParse(s.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return number.ToString(CultureInfo.InvariantCulture);
            return Complain(node, $"'{key}' must be a number, on a number or text type; '{type.Word}' takes none", problems);
        }
    }

    private static bool EnumIsSound(AttributeType type, YamlNode at, ProblemList problems)
    {
        if (type.Family != ValueFamily.Enum)
            return true;
        if (type.Values.IsEmpty)
            problems.Add(at, "an enum needs its values: enum of [todo, doing, done]");
        else if (type.Values.Distinct(StringComparer.Ordinal).Count() != type.Values.Length)
            problems.Add(at, "an enum names the same value twice");
        else if (type.Values.Any(v => v.Length is 0 or > 63))
            problems.Add(at, "an enum's value has 1 to 63 characters");
        else
            return true;
        return false;
    }

    private static string? Complain(YamlNode at, string message, ProblemList problems)
    {
        problems.Add(at, message);
        return null;
    }
}
