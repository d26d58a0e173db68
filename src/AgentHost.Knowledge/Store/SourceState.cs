using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;

namespace AgentHost.Knowledge.Store;

/// <summary>What the store holds of one source.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsBuiltIn">Whether it is our pages, and not ingested.</param>
/// <param name="Status"><c>loading</c> (not searched), <c>updating</c> or <c>complete</c>.</param>
/// <param name="IsWhole">Whether all the documents are there that were written.</param>
/// <param name="IsEmbedded">Whether all its chunks have their vectors by the host's model.</param>
/// <param name="Documents">How many documents.</param>
/// <param name="Chunks">How many chunks.</param>
/// <param name="IsStale">Whether nobody has said today that it is used.</param>
internal sealed record SourceState(int Id, string Name, bool IsBuiltIn, string Status, bool IsWhole, bool IsEmbedded, int Documents, int Chunks, bool IsStale)
{
    private const string Schema = StoreSchema.Name;

    private const string Text = $"""
        SELECT s.id, s.name, s.digest IS NOT NULL, s.status, s.documents = (SELECT count(*) FROM {Schema}.documents d WHERE d.source_id = s.id),
          coalesce(e.revision = s.revision, false), s.documents, s.chunks, s.used < current_date, m.id, m.dimensions
        FROM {Schema}.sources s
        LEFT JOIN LATERAL (SELECT id, dimensions FROM {Schema}.models WHERE name = $2 AND ($3::integer IS NULL OR dimensions = $3) ORDER BY used DESC, id DESC LIMIT 1) m ON true
        LEFT JOIN {Schema}.embedded e ON e.source_id = s.id AND e.model_id = m.id
        WHERE s.digest = $1 OR s.digest IS NULL
        ORDER BY s.name
        """;

    /// <summary>Whether there is nothing to do for it.</summary>
    public bool IsReady => Status != "loading" && IsWhole && IsEmbedded;

    /// <summary>The ingested sources and the host's own pages, with the model where the store knows it.</summary>
    public static async Task<(ImmutableArray<SourceState> Sources, StoreModel? Model)> ReadAsync(NpgsqlConnection connection, Guid digest, string model, int? dimensions, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Text, connection)
        {
            Parameters = { new() { Value = digest }, new() { Value = model }, new() { Value = (object?)dimensions ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer } },
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        var sources = ImmutableArray.CreateBuilder<SourceState>();
        StoreModel? known = null;
        while (await rows.ReadAsync(ct))
        {
            sources.Add(new SourceState(
                rows.GetInt32(0), rows.GetString(1), rows.GetBoolean(2), rows.GetString(3), rows.GetBoolean(4), rows.GetBoolean(5), rows.GetInt32(6), rows.GetInt32(7), rows.GetBoolean(8)));
            if (!rows.IsDBNull(9)) known = new StoreModel(rows.GetInt32(9), model, rows.GetInt32(10));
        }
        return (sources.ToImmutable(), known);
    }
}
