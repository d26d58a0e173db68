using AgentHost.Knowledge.Ingest;
using Spectre.Console;

namespace AgentHost.Cli;

/// <summary>Shows on stderr how far an ingestion is, where somebody watches.</summary>
internal static class IngestBar
{
    private static readonly (string Phase, string What)[] Phases = [("reading", "Reading files"), ("indexing", "Indexing pages"), ("embedding", "Embedding text")];

    /// <summary>Runs <paramref name="work"/> under a bar.</summary>
    public static async Task<T> ShowAsync<T>(Func<IProgress<IngestProgress>?, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
            return await work(null);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        T result = default!;
        await console.Progress().AutoClear(true).StartAsync(async context =>
        {
            var bars = Phases.ToDictionary(p => p.Phase, p => context.AddTask(p.What, autoStart: false), StringComparer.Ordinal);
            result = await work(new Bars(bars));
        });
        return result;
    }

    private sealed class Bars(Dictionary<string, ProgressTask> bars) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value)
        {
            if (!bars.TryGetValue(value.Phase, out var bar))
                return;
            if (!bar.IsStarted)
                bar.StartTask();
            bar.MaxValue = Math.Max(1, value.Total);
            bar.Value = value.Done;
        }
    }
}
