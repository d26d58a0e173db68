using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentHost.Knowledge;
using AgentHost.Knowledge.Store;
using Microsoft.Extensions.AI;
using Npgsql;

namespace AgentHost.Bench.Retrieval;

/// <summary>
/// A large store: sections made of three sentences each, drawn at random (always the same) from the pages and what else is ingested, so that their vectors lie where real ones do.
/// Asks what the vector index finds of the ten nearest, against comparing all, and how long a search takes.
/// </summary>
internal static class Synthetic
{
    public static async Task RunAsync(KnowledgeStore store, IEmbeddingGenerator<string, Embedding<float>> embedder, NpgsqlDataSource source, LabelledQuestion[] questions, int chunks)
    {
        var folder = Directory.CreateTempSubdirectory("agenthost-bench-");
        try
        {
            await WriteAsync(source, folder.FullName, chunks);
            await Measurement.IngestAsync(store, "synthetic", folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        await RecallAsync(embedder, source, questions);
        await Measurement.LatencyAsync(store, questions);
    }

    private static async Task WriteAsync(NpgsqlDataSource source, string folder, int chunks)
    {
        var sentences = new List<string>();
        await using (var command = source.CreateCommand($"SELECT text FROM {StoreSchema.Name}.chunk_texts WHERE section <> '' ORDER BY chunk_id"))
        {
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
                sentences.AddRange(rows.GetString(0).Split(". ").Select(s => s.ReplaceLineEndings(" ").Replace('`', ' ').Replace('#', ' ').Trim()).Where(s => s.Length is > 40 and < 400));
        }
        var random = new Random(17);
        const int Sections = 200;
        for (var file = 0; file * Sections < chunks; file++)
        {
            var text = new StringBuilder($"# Collection {file}\n");
            for (var i = 0; i < Math.Min(Sections, chunks - (file * Sections)); i++)
                text.Append(CultureInfo.InvariantCulture, $"\n## Part {i}\n\n{Sentence()}. {Sentence()}. {Sentence()}.\n");
            await File.WriteAllTextAsync(Path.Combine(folder, $"{file}.md"), text.ToString());
        }

        string Sentence() => sentences[random.Next(sentences.Count)];
    }

    private static async Task RecallAsync(IEmbeddingGenerator<string, Embedding<float>> embedder, NpgsqlDataSource source, LabelledQuestion[] questions)
    {
        await using var connection = await source.OpenConnectionAsync();
        var number = await ScalarAsync($"SELECT model_id FROM {StoreSchema.Name}.embeddings WHERE NOT is_builtin GROUP BY 1 ORDER BY count(*) DESC LIMIT 1");
        var model = new StoreModel(number, "", (await embedder.GenerateAsync(["length"]))[0].Vector.Length);
        await ExecuteAsync(CandidateSql.Settings(int.MaxValue));
        var (found, times) = (0, new List<double>());
        foreach (var question in questions)
        {
            var vector = (await embedder.GenerateAsync([question.Text]))[0].Vector.ToArray();
            await ExecuteAsync("SET enable_indexscan = on; SET enable_seqscan = off");
            await NearestAsync(vector); // the pages of the index are in memory, as in a store that is in use
            var start = Stopwatch.GetTimestamp();
            var near = await NearestAsync(vector);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await ExecuteAsync("SET enable_indexscan = off; SET enable_seqscan = on");
            found += near.Intersect(await NearestAsync(vector)).Count();
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nThe vector index: recall@10 {found / (10.0 * questions.Length):0.000} of {questions.Length} questions, {Measurement.Percentiles(times)}"));

        async Task<List<int>> NearestAsync(float[] vector)
        {
            await using var command = new NpgsqlCommand(
                $"SELECT chunk_id FROM {StoreSchema.Name}.embeddings WHERE model_id = {number} AND NOT is_builtin ORDER BY {model.Vector} <=> $1::real[]::halfvec({vector.Length}) LIMIT 10", connection)
            { Parameters = { new() { Value = vector } } };
            var nearest = new List<int>();
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync()) nearest.Add(rows.GetInt32(0));
            return nearest;
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        async Task<int> ScalarAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (int)(await command.ExecuteScalarAsync())!;
        }
    }
}
