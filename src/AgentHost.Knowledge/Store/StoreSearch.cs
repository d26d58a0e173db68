using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;

namespace AgentHost.Knowledge.Store;

/// <summary>What is searched for, and where.</summary>
/// <param name="Query">The question.</param>
/// <param name="Vector">Its vector; empty where it says nothing.</param>
/// <param name="Skill">Only built-in pages of this skill, or null.</param>
/// <param name="Source">Only this source, or null.</param>
internal sealed record Question(string Query, float[] Vector, string? Skill, string? Source);

/// <summary>A section as it is answered.</summary>
internal sealed record StoredSection(int Chunk, string Slug, string Path, string Kind, string Source, bool IsBuiltIn, string Section, string Text);

/// <summary>Asks the store: one round trip for the candidates, one for the texts of the few that are answered.</summary>
internal static class StoreSearch
{
    private const string Schema = StoreSchema.Name;

    private const string Texts = $"""
        SELECT c.id, d.slug, d.path, d.kind, s.name, c.is_builtin, t.section, t.text
        FROM {Schema}.chunks c JOIN {Schema}.chunk_texts t ON t.chunk_id = c.id JOIN {Schema}.documents d ON d.id = c.document_id JOIN {Schema}.sources s ON s.id = c.source_id
        WHERE c.id = ANY ($1)
        """;

    /// <returns>The candidates among our pages, or null where the store misses them.</returns>
    public static Task<Candidates?> FindBuiltInAsync(NpgsqlConnection connection, StoreModel model, Guid digest, Question question, CancellationToken ct) =>
        FindAsync(connection, 0, Command(CandidateSql.OfBuiltIn(model, isExact: question.Skill is not null), question, question.Skill, digest), isBuiltIn: true, ct);

    /// <param name="connection">Another connection than the one on which our pages are searched at the same time.</param>
    /// <param name="model">The model.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="size">How many pieces were ingested, about.</param>
    /// <param name="isExact">Whether all vectors are compared, because the source has few.</param>
    /// <param name="ct">Cancels the search.</param>
    /// <returns>The candidates among what was ingested, or null where nothing was.</returns>
    public static Task<Candidates?> FindIngestedAsync(NpgsqlConnection connection, StoreModel model, Question question, int size, bool isExact, CancellationToken ct) =>
        FindAsync(connection, size, Command(CandidateSql.OfIngested(model, isExact), question, question.Source, Guid.Empty), isBuiltIn: false, ct);

    private static async Task<Candidates?> FindAsync(NpgsqlConnection connection, int size, NpgsqlBatchCommand find, bool isBuiltIn, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(CandidateSql.Settings(size)), find } };
        await batch.PrepareAsync(ct);
        await using var rows = await batch.ExecuteReaderAsync(ct);
        await rows.NextResultAsync(ct);
        return await ReadAsync(rows, isBuiltIn, ct);
    }

    /// <summary>The texts of sections; one that is gone meanwhile is left out.</summary>
    public static async Task<Dictionary<int, StoredSection>> ReadTextsAsync(NpgsqlConnection connection, IEnumerable<int> chunks, CancellationToken ct)
    {
        await using var command = StoreCommand.Of(connection, Texts, chunks.ToArray());
        await command.PrepareAsync(ct);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var sections = new Dictionary<int, StoredSection>();
        while (await rows.ReadAsync(ct))
        {
            sections.Add(rows.GetInt32(0), new StoredSection(
                rows.GetInt32(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetString(4), rows.GetBoolean(5), rows.GetString(6), rows.GetString(7)));
        }
        return sections;
    }

    private static NpgsqlBatchCommand Command(string sql, Question question, string? where, Guid digest) => new(sql)
    {
        Parameters =
        {
            new() { Value = question.Query },
            new() { Value = ExactNames.In(question.Query).ToArray() },
            new() { Value = ExactNames.SpeltIn(question.Query).ToArray() },
            new() { Value = question.Vector.Length == 0 ? DBNull.Value : question.Vector, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Real },
            new() { Value = (object?)where ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = digest },
        },
    };

    private static async Task<Candidates?> ReadAsync(NpgsqlDataReader rows, bool isBuiltIn, CancellationToken ct)
    {
        if (!await rows.ReadAsync(ct)) return null;
        var terms = rows.IsDBNull(6) ? [] : rows.GetFieldValue<short[]>(6).Zip(rows.GetFieldValue<float[]>(7), (kind, rarity) => new Term((TermKind)kind, rarity)).ToImmutableArray();
        var pages = new Dictionary<int, (string Kind, bool HasAsked, ImmutableArray<Piece>.Builder Pieces)>();
        while (await rows.ReadAsync(ct))
        {
            var document = rows.GetInt32(1);
            if (!pages.TryGetValue(document, out var page)) pages.Add(document, page = (rows.GetString(2), rows.GetBoolean(3), ImmutableArray.CreateBuilder<Piece>()));
            var cosine = rows.IsDBNull(5) || double.IsNaN(rows.GetDouble(5)) ? 0 : rows.GetDouble(5);
            page.Pieces.Add(new Piece(rows.GetInt32(0), rows.GetBoolean(4), cosine, Weights(rows)));
        }
        return new Candidates(terms, [.. pages.Select(p => new FoundPage(p.Key, p.Value.Kind, isBuiltIn, p.Value.HasAsked, p.Value.Pieces.ToImmutable()))]);
    }

    private static ImmutableArray<(int Term, double Weight)> Weights(NpgsqlDataReader rows) =>
        rows.IsDBNull(6) ? [] : [.. rows.GetFieldValue<short[]>(6).Zip(rows.GetFieldValue<float[]>(7), (no, weight) => (no - 1, (double)weight))];
}
