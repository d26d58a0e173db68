using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>
/// Whether ALTER COLUMN … TYPE writes the table anew. PostgreSQL keeps the heap where the new value is the old one bit for bit: a binary-coercible
/// cast, a length that only grows, timestamp and timestamptz in a UTC session (ATColumnChangeRequiresRewrite, src/backend/commands/tablecmds.c).
/// </summary>
internal static class TypeChange
{
    /// <summary>Digits of a second that a timestamp keeps where none are written.</summary>
    private const int MaxPrecision = 6;

    /// <summary>
    /// The longest value each family of types admits is compared by modifier; an absent modifier admits all. The cast between the families of one
    /// row is binary-coercible, in the direction written.
    /// </summary>
    private static readonly HashSet<(string From, string To)> SameBits =
    [
        ("character varying", "text"), ("text", "character varying"), ("character varying", "character"), ("text", "character"),
        ("character varying", "citext"), ("citext", "character varying"), ("text", "citext"), ("citext", "text"),
        ("cidr", "inet"), ("xml", "text"), ("xml", "character varying"),
        ("bit", "bit varying"), ("bit varying", "bit"),
        ("integer", "oid"), ("oid", "integer"), ("regclass", "oid"), ("oid", "regclass"), ("regclass", "integer"), ("integer", "regclass"),
    ];

    /// <summary>Whether the change from a known type rewrites the table.</summary>
    /// <param name="from">The column's type so far.</param>
    /// <param name="alter">The action.</param>
    /// <param name="schema">Knows domains.</param>
    /// <param name="sessionIsUtc">Whether the session's time zone is known to be UTC.</param>
    /// <param name="pgVersion">The target's major version.</param>
    public static bool Rewrites(TypeName from, AlterColumnType alter, SchemaModel schema, bool sessionIsUtc, int pgVersion)
    {
        if (!IsPlainCast(alter))
            return true;
        (from, var to) = (Base(from, schema), alter.Type);
        if (schema.Domain(to.Name) is { } domain)
        {
            if (domain.Constraints.Length > 0)
                return true;
            to = Base(to, schema);
        }

        if (from.ArrayDimensions > 0 || to.ArrayDimensions > 0)
            return (from.ArrayDimensions > 0) != (to.ArrayDimensions > 0) || Name(from) != Name(to) || !(to.Modifiers.IsEmpty || from.Modifiers.SequenceEqual(to.Modifiers));
        string old = Name(from);
        string now = Name(to);
        if (old == now)
            return !Widens(old, from, to);
        if ((old, now) is ("timestamp without time zone", "timestamp with time zone") or ("timestamp with time zone", "timestamp without time zone"))
            return pgVersion < 12 || !sessionIsUtc || Precision(to) < MaxPrecision;
        if (!SameBits.Contains((old, now)))
            return true;
        return now is "character varying" or "character" or "bit varying" or "bit" && !to.Modifiers.IsEmpty;
    }

    /// <summary>
    /// The column's type, where PostgreSQL has no cast for assignments from it to the new one and no USING says how (<c>pg_cast</c>): text becomes nothing
    /// but text by itself, and everything else text or its own kind.
    /// </summary>
    public static TypeName? LacksCast(SchemaModel schema, TableModel table, AlterColumnType alter)
    {
        if (alter.Using is not null || table.Column(alter.Column) is not { } column)
            return null;
        var (from, to) = (Base(column.Type, schema), Base(alter.Type, schema));
        return from.ArrayDimensions + to.ArrayDimensions == 0 && Kind(from, schema) is { } old && Kind(to, schema) is { } now && old != now && now != "text" ? column.Type : null;
    }

    /// <summary>What values of a type can become one another without being told; null for types of which that is not known.</summary>
    private static string? Kind(TypeName type, SchemaModel schema) => Name(type) switch
    {
        "smallint" or "integer" or "bigint" or "real" or "double precision" or "numeric" => "number",
        "text" or "character varying" or "character" => "text",
        "date" or "timestamp without time zone" or "timestamp with time zone" => "moment",
        "json" or "jsonb" => "json",
        "inet" or "cidr" => "network",
        "uuid" or "boolean" or "bytea" => Name(type),
        _ when schema.Enum(type.Name) is { } values => values.Name.ToString(),
        _ => null,
    };

    /// <summary>Whether a USING clause, if any, is nothing but the column itself or its cast to the new type.</summary>
    public static bool IsPlainCast(AlterColumnType alter)
    {
        if (alter.Using is not { } conversion)
            return true;
        if (conversion.Functions.Length > 0 || conversion.Columns is not [var column] || column != alter.Column)
            return false;
        string text = conversion.Text.Trim().TrimStart('(').TrimEnd().ToLowerInvariant();
        string quoted = SqlIdentifier.Quote(alter.Column).ToLowerInvariant();
        if (text.TrimEnd(')') == quoted)
            return true;
        int cast = text.IndexOf("::", StringComparison.Ordinal);
        return cast >= 0 && text[..cast].Trim(' ', '(', ')') == quoted && Names(text[(cast + 2)..], alter.Type);
    }

    /// <summary>Whether a text, as written behind a cast, names the type.</summary>
    private static bool Names(string written, TypeName type)
    {
        try
        {
            return SqlParser.Parse($"ALTER TABLE t ALTER a TYPE {written}").Statements is [AlterTable { Actions: [AlterColumnType { Using: null } cast] }]
                && cast.Type.ToString() == type.ToString();
        }
        catch (SqlInputException)
        {
            return false; // more than a type stands there, so that the conversion computes
        }
    }

    /// <summary>Whether the new modifier admits every value of the old one unchanged, so that no value is touched.</summary>
    private static bool Widens(string type, TypeName from, TypeName to) => type switch
    {
        _ when to.Modifiers.IsEmpty || from.Modifiers.SequenceEqual(to.Modifiers) => true,
        "character varying" or "bit varying" => from.Modifiers is [var old] && to.Modifiers is [var now] && now >= old,
        "numeric" => !from.Modifiers.IsEmpty && to.Modifiers[0] >= from.Modifiers[0] && Scale(from) == Scale(to),
        "timestamp without time zone" or "timestamp with time zone" or "time without time zone" or "time with time zone" or "interval" =>
            Precision(to) >= Precision(from),
        _ => false,
    };

    private static int Scale(TypeName type) => type.Modifiers.Length > 1 ? type.Modifiers[1] : 0;

    private static int Precision(TypeName type) => type.Modifiers is [.., var digits] ? digits : MaxPrecision;

    /// <summary>Whether a change that keeps the heap sorts values by another operator class, so that indexes are built anew.</summary>
    public static bool ChangesOrder(TypeName from, TypeName to, SchemaModel schema) => (Name(Base(from, schema)), Name(Base(to, schema))) is var (old, now)
        && old != now && (old.StartsWith("timestamp", StringComparison.Ordinal) || old is "citext" || now is "citext" or "character");

    /// <summary>The type that a domain, or a domain over one, narrows.</summary>
    public static TypeName Base(TypeName type, SchemaModel schema)
    {
        for (int depth = 0; depth < 32 && type.ArrayDimensions == 0 && schema.Domain(type.Name) is { } domain; depth++)
            type = domain.BaseType;
        return type;
    }

    private static string Name(TypeName type) =>
        type.Name is { Schema: null or "pg_catalog" or "public" } ? type.Name.Name : type.Name.ToString();
}
