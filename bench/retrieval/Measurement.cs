using System.Diagnostics;
using System.Globalization;
using AgentHost.Knowledge;
using AgentHost.Knowledge.Embedding;
using AgentHost.Knowledge.Store;
using AgentHost.Postgres;
using Microsoft.Extensions.AI;
using Npgsql;

namespace AgentHost.Bench.Retrieval;

/// <summary>Opens a store in a scratch database, asks the labelled questions in each way, and prints the table.</summary>
internal static class Measurement
{
    public static async Task<int> RunAsync(string[] args)
    {
        var questions = LabelledQuestion.Read(Path.Combine(AppContext.BaseDirectory, "questions.tsv"));
        var library = DocumentLibrary.Load(Value(args, "--skills") ?? Path.Combine(AppContext.BaseDirectory, "skills"));
        if (Unknown(questions, library) is { Count: > 0 } unknown)
        {
            await Console.Error.WriteLineAsync($"There is no page {string.Join(", ", unknown)}.");
            return 2;
        }
        await using var scratch = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await scratch.ExecuteAsync("CREATE EXTENSION vector");
        await using var source = NpgsqlDataSource.Create(scratch.ConnectionString + ";Pooling=true"); // as the host has it
        await using var database = StoreDatabase.Over(source);
        using var hashing = new HashingEmbeddingGenerator();
        using var own = EmbeddingGenerators.Create();
        var store = await KnowledgeStore.OpenAsync(database, own, library);
        if (args.Contains("--tune"))
        {
            await Tuning.RunAsync(store, source, [.. questions.Where(q => !q.IsKeptAside)]);
            return 0;
        }
        if (args.Contains("--gate"))
        {
            await Gate.RunAsync(store, [.. questions.Where(q => !q.IsKeptAside)], await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "offtopic.txt")));
            return 0;
        }
        await StartAsync(database, own, library.Folder);
        await CompareAsync($"{library.Documents.Length} pages", source, database, store, library, questions, args.Contains("--misses"));
        if (Value(args, "--manual") is { } manual)
        {
            await IngestAsync(store, "manual", manual);
            await CompareAsync("the pages with the manual beside", source, database, store, library, questions, misses: false);
        }
        if (Value(args, "--synthetic") is { } count) await Synthetic.RunAsync(store, own, source, questions, int.Parse(count, CultureInfo.InvariantCulture));
        return 0;
    }

    private static async Task StartAsync(StoreDatabase database, IEmbeddingGenerator<string, Embedding<float>> embedder, string folder)
    {
        var times = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await KnowledgeStore.OpenAsync(database, embedder, DocumentLibrary.Load(folder));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        Console.WriteLine($"A start with nothing changed: {Percentiles(times)}");
    }

    public static async Task IngestAsync(KnowledgeStore store, string name, string folder)
    {
        var start = Stopwatch.GetTimestamp();
        var report = await store.IngestAsync(name, [folder]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nIngested {name}: {report.Pages} pages, {report.Chunks} chunks in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
    }

    public static async Task LatencyAsync(KnowledgeStore store, LabelledQuestion[] questions)
    {
        store.Ranking = Ranking.Default;
        var times = new List<double>();
        for (var round = 0; round < 4; round++)
        {
            foreach (var question in questions)
            {
                var start = Stopwatch.GetTimestamp();
                await store.SearchAsync(question.Text);
                if (round > 0) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        Console.WriteLine($"\nA search, warm: {Percentiles(times)}");
    }

    public static string Percentiles(List<double> times)
    {
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {times[times.Count / 2]:0.0} ms, p99 {times[times.Count * 99 / 100]:0.0} ms of {times.Count}");
    }

    private static async Task CompareAsync(
        string over, NpgsqlDataSource source, StoreDatabase database, KnowledgeStore store, DocumentLibrary library, LabelledQuestion[] questions, bool misses)
    {
        using var hashing = new HashingEmbeddingGenerator();
        var byHashing = await KnowledgeStore.OpenAsync(database, hashing, library);
        await FullText.FillAsync(source);
        Row[] rows =
        [
            new("PostgreSQL's full text alone", question => FullText.RankAsync(source, question)),
            Row.Of("the store's words alone", store, Row.ByWords),
            Row.Of("hashed words (baseline)", byHashing, Row.ByVectors),
            Row.Of("our model alone", store, Row.ByVectors),
            Row.ByReciprocalRank(store),
            Row.Of("fused", store, Ranking.Default),
        ];
        Print(over, rows, questions, [.. await AnswersAsync(rows, questions)]);
        if (misses) await MissesAsync(rows[^1], questions.Where(q => !q.IsKeptAside));
        await LatencyAsync(store, questions);
    }

    private static string? Value(string[] args, string option) => Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static List<string> Unknown(LabelledQuestion[] questions, DocumentLibrary library) =>
        [.. questions.SelectMany(q => q.Pages).Distinct(StringComparer.Ordinal).Where(p => library.Find(p) is null)];

    private static async Task<List<IReadOnlyList<string>[]>> AnswersAsync(Row[] rows, LabelledQuestion[] questions)
    {
        var answers = new List<IReadOnlyList<string>[]>();
        foreach (var row in rows)
        {
            var rankings = new List<IReadOnlyList<string>>();
            foreach (var question in questions) rankings.Add(await row.SearchAsync(question.Text));
            answers.Add([.. rankings]);
        }
        return answers;
    }

    private static void Print(string over, Row[] rows, LabelledQuestion[] questions, IReadOnlyList<string>[][] answers)
    {
        Console.WriteLine($"\nOver {over}: all {questions.Length} questions, and the {questions.Count(q => q.IsKeptAside)} kept aside\n");
        Console.WriteLine("| search | recall@1 | recall@5 | nDCG@10 | aside: recall@1 | recall@5 | nDCG@10 |\n|---|--:|--:|--:|--:|--:|--:|");
        foreach (var (row, rankings) in rows.Zip(answers))
        {
            var all = questions.Zip(rankings).ToList();
            var (whole, aside) = (Figures.Of(all), Figures.Of([.. all.Where(a => a.First.IsKeptAside)]));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {row.Name} | {whole.Recall1:0.000} | {whole.Recall5:0.000} | {whole.Ndcg10:0.000} | {aside.Recall1:0.000} | {aside.Recall5:0.000} | {aside.Ndcg10:0.000} |"));
        }
    }

    private static async Task MissesAsync(Row row, IEnumerable<LabelledQuestion> questions)
    {
        foreach (var question in questions)
        {
            var found = await row.SearchAsync(question.Text);
            if (!found.Take(5).Any(question.Pages.Contains))
                Console.WriteLine($"- {question.Text}\n    wanted {string.Join(' ', question.Pages)}\n    found  {string.Join(' ', found.Take(6))}");
        }
    }
}
