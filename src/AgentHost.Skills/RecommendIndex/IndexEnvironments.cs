using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Reads which extensions there are and could be.</summary>
internal static class IndexEnvironments
{
    /// <summary>Extensions that a target could create.</summary>
    public static Task<ImmutableHashSet<string>?> AvailableAsync(ReadOnlyTarget target, CancellationToken ct) =>
        target.InTransactionAsync(async open => (ImmutableHashSet<string>?)await NamesAsync(open, "select name::text from pg_catalog.pg_available_extensions", ct), ct);

    /// <summary>What the twin has, which is what the original has; HypoPG aside.</summary>
    public static async Task<IndexEnvironment> ReadAsync(NpgsqlConnection open, ImmutableHashSet<string>? available, CancellationToken ct)
    {
        // What this server lacks cannot be priced here, whatever the target may have.
        var ours = await NamesAsync(open, "select name::text from pg_catalog.pg_available_extensions", ct);
        return new IndexEnvironment(await NamesAsync(open, "select extname::text from pg_catalog.pg_extension", ct), available?.Intersect(ours) ?? ours) { IsAssumed = available is null };
    }

    /// <summary>The schema of an extension, quoted.</summary>
    public static async Task<string> SchemaOfAsync(NpgsqlConnection open, string extension, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select n.nspname::text from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = $1", open) { Parameters = { new() { Value = extension } } };
        return SqlIdentifier.Quote((string)(await command.ExecuteScalarAsync(ct) ?? "public"));
    }

    private static async Task<ImmutableHashSet<string>> NamesAsync(NpgsqlConnection open, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, open);
        var names = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            names.Add(reader.GetString(0));
        return names.ToImmutable();
    }
}
