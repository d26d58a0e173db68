using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Bench.Index;

/// <summary>A workload on its database: without new indexes, with the expert's, then with each advisor's.</summary>
internal sealed class Contest(PrivateServer server, WorkloadFiles files, Options options)
{
    public async Task RunAsync()
    {
        await using var made = await MadeDatabase.MakeAsync(server, files.DatabaseScript);
        await made.Scratch.AddExtensionAsync("hypopg");
        var trial = new Trial(made, files, options.Quick);
        var (none, _) = await trial.RunAsync(Advice.Nothing);
        var (expert, worth) = await trial.RunAsync(new Advice(files.Expert, files.Needless), options.Ablate && options.Advisors.Contains("expert"));
        var report = new Report(files, none, expert);
        foreach (var advisor in options.Advisors)
        {
            var (measured, ablation) = advisor switch
            {
                "none" => (none, []),
                "expert" => (expert, worth),
                _ => await trial.RunAsync(await AskAsync(advisor, made), options.Ablate),
            };
            report.Print(advisor, measured);
            if (options.Queries && advisor != "none")
                report.PrintQueries(advisor, measured);
            foreach (var line in ablation)
                Console.WriteLine(line);
        }
    }

    private async Task<Advice> AskAsync(string advisor, MadeDatabase made)
    {
        if (advisor == "naive")
            return await NaiveAdvisor.AdviseAsync(made, files);
        var (advice, result) = await OurAdvisor.AdviseAsync(made.Scratch, files.QueriesText, verify: advisor == "ours");
        Tell(advisor, result);
        var same = 1;
        for (var time = 1; time < options.Repeat; time++)
        {
            var (again, _) = await OurAdvisor.AdviseAsync(made.Scratch, files.QueriesText, verify: advisor == "ours");
            same += again.Create.SequenceEqual(advice.Create) && again.Drop.SequenceEqual(advice.Drop) ? 1 : 0;
        }
        if (options.Repeat > 1)
            Console.WriteLine($"  {advisor}: the same answer {same} times of {options.Repeat}");
        return advice;
    }

    private static void Tell(string advisor, IndexResult result)
    {
        if (result.Notice is { } notice)
            Console.Error.WriteLine($"{advisor}: {notice}");
        foreach (var skipped in result.Skipped.Where(one => !one.Reason.Contains("INSERT", StringComparison.Ordinal)))
            Console.Error.WriteLine($"{advisor}: skipped {skipped.Query}: {skipped.Reason}");
    }
}
