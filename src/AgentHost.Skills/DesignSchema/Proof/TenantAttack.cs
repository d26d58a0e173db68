using System.Collections.Immutable;
using AgentHost.Skills.DesignSchema.Model;
using AgentHost.Skills.DesignSchema.Physical;
using Npgsql;
using static AgentHost.Sql.SqlIdentifier;

namespace AgentHost.Skills.DesignSchema.Proof;

/// <summary>
/// Attacks row-level security as a role without rights to bypass it: rows of two tenants in every tenanted table, and one tried to read, change,
/// remove, insert and point to the other's. All in one transaction that is rolled back, the role with it, so nothing outlives the proof
/// even though roles belong to the whole server.
/// </summary>
internal sealed class TenantAttack
{
    private static readonly ImmutableArray<string> Attacks =
        ["select sees its own rows only", "update of the other's row touches nothing", "delete of the other's row touches nothing", "insert for the other is refused"];

    private readonly NpgsqlConnection connection;
    private readonly PhysicalSchema schema;
    private readonly Dictionary<(string Table, int Tenant), Dictionary<string, string>> rows = [];
    private readonly string role = $"agenthost_proof_{Guid.NewGuid():N}";

    private TenantAttack(NpgsqlConnection connection, PhysicalSchema schema) => (this.connection, this.schema) = (connection, schema);

    /// <exception cref="SkillInputException">An attack got through, or no rows could be made up to attack.</exception>
    public static async Task<IsolationProof> RunAsync(NpgsqlConnection connection, PhysicalSchema schema, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            var proof = await new TenantAttack(connection, schema).RunAsync(ct);
            await transaction.RollbackAsync(ct);
            return proof;
        }
        catch (PostgresException e)
        {
            throw SchemaProof.Refused("the isolation of tenants could not be tried", e);
        }
    }

    private async Task<IsolationProof> RunAsync(CancellationToken ct)
    {
        await PrepareAsync(ct);
        foreach (var table in schema.Tables.Where(t => t.Role != TableRole.Lookup))
            rows[(table.Name, 0)] = [];
        for (var tenant = 1; tenant <= 2; tenant++)
            await InsertTenantAsync(tenant, ct);
        var tenanted = schema.Tables.Where(t => t.TenantColumn is not null).ToList();

        foreach (var table in tenanted)
            await ExecuteAsync($"ALTER TABLE {Quote(table.Name)} FORCE ROW LEVEL SECURITY", ct);
        var unset = await VisibleAsync(tenanted, ct);
        if (unset > 0)
            throw Breach($"{unset} rows are visible to the tables' owner with no tenant set");
        await ExecuteAsync($"SET LOCAL ROLE {role}", ct);
        unset = await VisibleAsync(tenanted, ct);
        if (unset > 0)
            throw Breach($"{unset} rows are visible with no tenant set");
        await ExecuteAsync($"SELECT set_config('app.tenant_id', {Literal(rows[(schema.Tenant!.Table, 1)]["id"])}::text, true)", ct);
        foreach (var table in tenanted)
            await AttackAsync(table, ct);
        var references = new List<string>();
        foreach (var table in tenanted)
        {
            foreach (var key in table.ForeignKeys.Where(k => k.Columns.Length > 1))
            {
                await PointAcrossAsync(table, key, ct);
                references.Add(key.Name);
            }
        }
        return new IsolationProof([.. tenanted.Select(t => t.Name)], Attacks, [.. references], unset);
    }

    /// <summary>The role, its rights, and the tables freed of rules that made-up rows cannot know and that keep no tenants apart.</summary>
    private async Task PrepareAsync(CancellationToken ct)
    {
        await ExecuteAsync("SET LOCAL createrole_self_grant = 'set'", ct);
        await ExecuteAsync($"CREATE ROLE {role} NOLOGIN", ct);
        foreach (var table in schema.Tables)
        {
            await ExecuteAsync($"GRANT SELECT, INSERT, UPDATE, DELETE ON {Quote(table.Name)} TO {role}", ct);
            var rules = table.Checks.Select(c => c.Name).Concat(table.Uniques.Where(u => !u.Columns.Contains("id")).Select(u => u.Name));
            foreach (var rule in rules)
                await ExecuteAsync($"ALTER TABLE {Quote(table.Name)} DROP CONSTRAINT {Quote(rule)}", ct);
            foreach (var index in table.Indexes.Where(i => i.IsUnique))
                await ExecuteAsync($"DROP INDEX {Quote(index.Name)}", ct);
            if (table.TenantColumn is not null)
                await ExecuteAsync($"ALTER TABLE {Quote(table.Name)} NO FORCE ROW LEVEL SECURITY", ct);
        }
    }

    private async Task InsertTenantAsync(int tenant, CancellationToken ct)
    {
        foreach (var table in InsertOrder())
        {
            var given = KeyValues(table, tenant);
            await using var insert = new NpgsqlCommand($"{SampleRow.Insert(table, given)} RETURNING *", connection);
            await using var reader = await insert.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var column in table.Columns.Where(c => c.Source is ColumnSource.Key or ColumnSource.Tenant or ColumnSource.Reference))
                row[column.Name] = reader.IsDBNull(reader.GetOrdinal(column.Name)) ? "NULL" : Literal(reader.GetValue(reader.GetOrdinal(column.Name)).ToString()!);
            rows[(table.Name, tenant)] = row;
        }
    }

    /// <summary>Tables behind those that their required keys point to.</summary>
    private List<Table> InsertOrder()
    {
        var ordered = new List<Table>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in schema.Tables)
            Visit(table);
        return [.. ordered.Where(t => t.Role != TableRole.Lookup)];

        void Visit(Table table)
        {
            if (!visited.Add(table.Name))
                return;
            foreach (var key in table.ForeignKeys.Where(k => !IsOptional(table, k)))
                Visit(schema[key.References]);
            ordered.Add(table);
        }
    }

    /// <summary>Values for the required references of a tenant's row; a pair of the same table takes two tenants' rows only where it is shared.</summary>
    private Dictionary<string, string> KeyValues(Table table, int tenant)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in table.ForeignKeys.Where(k => !IsOptional(table, k) && schema[k.References].Role != TableRole.Lookup))
            given[key.OwnColumn] = rows[(key.References, tenant)][key.ReferencedColumns[^1]];
        return given;
    }

    private static bool IsOptional(Table table, ForeignKey key) => table.Columns.First(c => c.Name == key.OwnColumn).IsNullable;

    private async Task AttackAsync(Table table, CancellationToken ct)
    {
        var name = Quote(table.Name);
        var (mine, theirs) = (rows[(table.Name, 1)], rows[(table.Name, 2)]);
        var tenantColumn = Quote(table.TenantColumn!);
        var seen = await CountAsync($"SELECT count(*) FROM {name}", ct);
        var own = await CountAsync($"SELECT count(*) FROM {name} WHERE {SampleRow.KeyCondition(table.PrimaryKey.Columns, mine)}", ct);
        if (seen != 1 || own != 1)
            throw Breach($"{table.Name}: a tenant with 1 row sees {seen} rows, {own} of them its own");
        var other = SampleRow.KeyCondition(table.PrimaryKey.Columns, theirs);
        var touch = table.Columns[^1].Name;
        if (await ExecuteAsync($"UPDATE {name} SET {Quote(touch)} = {Quote(touch)} WHERE {other}", ct) != 0)
            throw Breach($"{table.Name}: a tenant could update another's row");
        if (await ExecuteAsync($"DELETE FROM {name} WHERE {other}", ct) != 0)
            throw Breach($"{table.Name}: a tenant could delete another's row");
        var given = KeyValues(table, 2);
        if (table.TenantColumn != "id")
            given[table.TenantColumn!] = theirs[table.TenantColumn!];
        await RefusedAsync(SampleRow.Insert(table, given), PostgresErrorCodes.InsufficientPrivilege, $"{table.Name}: a tenant could insert a row for another ({tenantColumn})", ct);
    }

    /// <summary>A row of tenant 1 that points to a row of tenant 2 over one foreign key.</summary>
    private async Task PointAcrossAsync(Table table, ForeignKey key, CancellationToken ct)
    {
        var foreign = rows[(key.References, 2)][key.ReferencedColumns[^1]];
        var mine = SampleRow.KeyCondition(table.PrimaryKey.Columns, rows[(table.Name, 1)]);
        await RefusedAsync($"UPDATE {Quote(table.Name)} SET {Quote(key.OwnColumn)} = {foreign} WHERE {mine}",
            PostgresErrorCodes.ForeignKeyViolation, $"{table.Name}.{key.OwnColumn}: a tenant's row could point to another tenant's {key.References}", ct);
    }

    private async Task RefusedAsync(string sql, string sqlState, string breach, CancellationToken ct)
    {
        await ExecuteAsync("SAVEPOINT attack", ct);
        try
        {
            await ExecuteAsync(sql, ct);
        }
        catch (PostgresException e) when (e.SqlState == sqlState)
        {
            await ExecuteAsync("ROLLBACK TO SAVEPOINT attack", ct);
            return;
        }
        throw Breach(breach);
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<long> CountAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task<long> VisibleAsync(IEnumerable<Table> tables, CancellationToken ct)
    {
        var visible = 0L;
        foreach (var table in tables)
            visible += await CountAsync($"SELECT count(*) FROM {Quote(table.Name)}", ct);
        return visible;
    }

    private static string Literal(string value) => value.StartsWith('\'') ? value : AttributeType.Quote(value);

    private static SkillInputException Breach(string what) => new($"The design was not proven, so it is not shown: row-level security lets a tenant through: {what}");
}
