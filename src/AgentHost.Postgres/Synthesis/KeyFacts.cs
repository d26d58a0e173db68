using System.Collections.Immutable;
using Npgsql;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Columns that together have each value once.</summary>
/// <param name="Table">The table's oid.</param>
/// <param name="Columns">Their numbers.</param>
internal sealed record UniqueColumns(uint Table, ImmutableArray<short> Columns)
{
    private const string Query =
        """
        select i.indrelid, i.indkey::int2[], i.indnkeyatts, i.indpred is not null from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where i.indisunique and i.indexprs is null and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
        """;

    /// <summary>Whether that holds of some of the rows only.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Those of all tables of a database; not those over expressions.</summary>
    public static async Task<ILookup<uint, UniqueColumns>> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var keys = new List<UniqueColumns>();
        await using var command = new NpgsqlCommand(Query, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            keys.Add(new UniqueColumns(reader.GetFieldValue<uint>(0), [.. reader.GetFieldValue<short[]>(1).Take(reader.GetInt16(2))]) { IsPartial = reader.GetBoolean(3) });
        return keys.ToLookup(key => key.Table);
    }
}
