using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentHost.Skills.DesignSchema.Model;
using AgentHost.Skills.DesignSchema.Physical;
using static AgentHost.Sql.SqlIdentifier;

namespace AgentHost.Skills.DesignSchema.Output;

/// <summary>Writes a schema as PostgreSQL DDL.</summary>
internal static class PostgresDdl
{
    /// <summary>The statement list that creates everything, without a header.</summary>
    public static string Up(PhysicalSchema schema, int pgVersion)
    {
        var sql = new StringBuilder();
        if (schema.UsesUuidFunction && pgVersion < 18)
            sql.Append(UuidFunction).Append('\n');
        if (schema.Tables.Any(t => t.HasUpdatedAt))
            sql.Append(schema.PlainTimestamps ? UpdatedAtFunction.Replace("now()", "now() AT TIME ZONE 'UTC'", StringComparison.Ordinal) : UpdatedAtFunction).Append('\n');
        foreach (var (name, values) in schema.EnumTypes)
            sql.Append(CultureInfo.InvariantCulture, $"CREATE TYPE {Quote(name)} AS ENUM ({string.Join(", ", values.Select(Literal))});\n");
        if (!schema.EnumTypes.IsEmpty)
            sql.Append('\n');
        foreach (var table in schema.Tables)
            AppendTable(sql, table, pgVersion);
        var late = schema.Tables.SelectMany(t => t.ForeignKeys.Where(k => k.IsDeferredToEnd).Select(k => (Table: t, Key: k))).ToList();
        if (late.Count > 0)
            sql.Append("-- Keys between tables that point at each other.\n");
        foreach (var (table, key) in late)
            sql.Append(CultureInfo.InvariantCulture, $"ALTER TABLE {Quote(table.Name)} ADD {ForeignKey(key, pgVersion)};\n");
        if (late.Count > 0)
            sql.Append('\n');
        if (schema.Tenant is { } tenant)
            AppendPolicies(sql, schema, tenant);
        return sql.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>Removes what <see cref="Up"/> creates, and nothing else: no CASCADE, so that something built on top is not lost silently.</summary>
    public static string Down(PhysicalSchema schema, int pgVersion)
    {
        var sql = new StringBuilder();
        sql.Append("-- One statement, because tables that point at each other can only go together.\n");
        sql.Append(CultureInfo.InvariantCulture, $"DROP TABLE\n    {string.Join(",\n    ", schema.Tables.Reverse().Select(t => Quote(t.Name)))};\n");
        foreach (var (name, _) in schema.EnumTypes)
            sql.Append(CultureInfo.InvariantCulture, $"DROP TYPE {Quote(name)};\n");
        if (schema.Tables.Any(t => t.HasUpdatedAt))
            sql.Append("DROP FUNCTION set_updated_at();\n");
        if (schema.UsesUuidFunction && pgVersion < 18)
            sql.Append("DROP FUNCTION uuid_v7();\n");
        return sql.ToString();
    }

    /// <summary>A key's clause: CONSTRAINT … FOREIGN KEY … ON DELETE ….</summary>
    private static string ForeignKey(ForeignKey key, int pgVersion)
    {
        var action = key.OnDelete switch
        {
            DeleteAction.Cascade => "CASCADE",
            DeleteAction.Restrict => "RESTRICT",
            DeleteAction.SetNull when key.Columns.Length > 1 && pgVersion >= 15 => $"SET NULL ({Quote(key.OwnColumn)})",
            DeleteAction.SetNull => "SET NULL",
            _ => "NO ACTION",
        };
        return $"CONSTRAINT {Quote(key.Name)} FOREIGN KEY ({List(key.Columns)}) REFERENCES {Quote(key.References)} ({List(key.ReferencedColumns)}) ON DELETE {action}";
    }

    private static void AppendTable(StringBuilder sql, Table table, int pgVersion)
    {
        var parts = table.Columns.Select(Column)
            .Append($"CONSTRAINT {Quote(table.PrimaryKey.Name)} PRIMARY KEY ({List(table.PrimaryKey.Columns)})")
            .Concat(table.Uniques.Select(u => $"CONSTRAINT {Quote(u.Name)} UNIQUE {(u.NullsNotDistinct ? "NULLS NOT DISTINCT " : "")}({List(u.Columns)})"))
            .Concat(table.ForeignKeys.Where(k => !k.IsDeferredToEnd).Select(k => ForeignKey(k, pgVersion)))
            .Concat(table.Checks.Select(c => $"CONSTRAINT {Quote(c.Name)} CHECK ({c.Condition})"));
        sql.Append(CultureInfo.InvariantCulture, $"CREATE TABLE {Quote(table.Name)} (\n    {string.Join(",\n    ", parts)}\n);\n");
        if (table.Comment is { Length: > 0 } comment)
            sql.Append(CultureInfo.InvariantCulture, $"COMMENT ON TABLE {Quote(table.Name)} IS {Literal(comment)};\n");
        foreach (var column in table.Columns.Where(c => c.Comment is { Length: > 0 }))
            sql.Append(CultureInfo.InvariantCulture, $"COMMENT ON COLUMN {Quote(table.Name)}.{Quote(column.Name)} IS {Literal(column.Comment!)};\n");
        foreach (var index in table.Indexes)
            sql.Append(CultureInfo.InvariantCulture, $"CREATE {(index.IsUnique ? "UNIQUE " : "")}INDEX {Quote(index.Name)} ON {Quote(table.Name)} ({string.Join(", ", index.Columns.Select(Key))}){(index.NullsNotDistinct ? " NULLS NOT DISTINCT" : "")}{Condition(index)};\n");
        if (table.HasUpdatedAt)
            sql.Append(CultureInfo.InvariantCulture, $"CREATE TRIGGER set_updated_at BEFORE UPDATE ON {Quote(table.Name)}\n    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();\n");
        if (!table.LookupValues.IsEmpty)
            sql.Append(CultureInfo.InvariantCulture, $"INSERT INTO {Quote(table.Name)} (code) VALUES\n    {string.Join(",\n    ", table.LookupValues.Select(v => $"({Literal(v)})"))};\n");
        sql.Append('\n');
    }

    private static void AppendPolicies(StringBuilder sql, PhysicalSchema schema, TenantKey tenant)
    {
        sql.Append("-- A row is visible and writable only under its own tenant's id: SET LOCAL app.tenant_id = '…' in each transaction.\n"
            + "-- Without the setting nothing is visible (NULLIF: a setting that was reset reads as '').\n");
        foreach (var table in schema.Tables.Where(t => t.TenantColumn is not null))
        {
            var condition = $"{Quote(table.TenantColumn!)} = NULLIF(current_setting('app.tenant_id', true), '')::{tenant.SqlType}";
            sql.Append(CultureInfo.InvariantCulture, $"ALTER TABLE {Quote(table.Name)} ENABLE ROW LEVEL SECURITY;\n")
                .Append(CultureInfo.InvariantCulture, $"ALTER TABLE {Quote(table.Name)} FORCE ROW LEVEL SECURITY;\n")
                .Append(CultureInfo.InvariantCulture, $"CREATE POLICY tenant_isolation ON {Quote(table.Name)}\n    USING ({condition})\n    WITH CHECK ({condition});\n");
        }
    }

    private static string Condition(IndexPlan index)
    {
        List<string> conditions = [.. index.WhereNull.Select(c => $"{Quote(c)} IS NULL"), .. index.WherePresent.Select(c => $"{Quote(c)} IS NOT NULL")];
        if (index.OnlyLive)
            conditions.Add("deleted_at IS NULL");
        return conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
    }

    private static string Column(Column c) => string.Concat(
        Quote(c.Name), " ", c.SqlType,
        c.IsIdentity ? " GENERATED ALWAYS AS IDENTITY" : c.IsNullable ? "" : " NOT NULL",
        c.Default is { } value ? $" DEFAULT {value}" : "");

    private static string Key(IndexColumn column) => Quote(column.Name) + (column.Descending ? " DESC" : "");

    private static string List(ImmutableArray<string> columns) => string.Join(", ", columns.Select(Quote));

    /// <summary>A string literal on one line.</summary>
    private static string Literal(string text) => AttributeType.Quote(text.ReplaceLineEndings(" ").Trim());

    private const string UpdatedAtFunction = """
        CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at := now();
            RETURN NEW;
        END
        $$;

        """;

    private const string UuidFunction = """
        -- UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then random. PostgreSQL 18 has uuidv7() built in.
        CREATE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
            SELECT encode(
                set_bit(set_bit(
                    overlay(uuid_send(gen_random_uuid())
                        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                        FROM 1 FOR 6),
                    52, 1), 53, 1),
                'hex')::uuid
        $$;

        """;
}
