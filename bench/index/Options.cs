namespace AgentHost.Bench.Index;

/// <summary>What the command line asks for.</summary>
internal sealed record Options(string Folder, IReadOnlyList<string> Workloads, IReadOnlyList<string> Advisors, int Repeat, bool Queries, bool Ablate, bool Quick, bool Scale)
{
    private static readonly string[] AllWorkloads = ["saas", "shop", "telemetry", "tuned"], AllAdvisors = ["none", "naive", "expert", "ours", "ours-planner"];

    /// <exception cref="FormatException">A word is unknown.</exception>
    public static Options Parse(IReadOnlyList<string> args)
    {
        var options = new Options("", [], AllAdvisors, 1, false, false, false, false);
        var workloads = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--files": options = options with { Folder = args[++i] }; break;
                case "--advisors": options = options with { Advisors = Known(args[++i].Split(','), AllAdvisors) }; break;
                case "--repeat": options = options with { Repeat = int.Parse(args[++i]) }; break;
                case "--queries": options = options with { Queries = true }; break;
                case "--ablate": options = options with { Ablate = true }; break;
                case "--quick": options = options with { Quick = true }; break;
                case "--scale": options = options with { Scale = true }; break;
                default: workloads.AddRange(Known([args[i]], AllWorkloads)); break;
            }
        }
        return options with { Workloads = workloads.Count > 0 ? workloads : AllWorkloads };
    }

    private static string[] Known(string[] words, string[] known) =>
        words.Except(known).FirstOrDefault() is { } unknown ? throw new FormatException($"'{unknown}' is not known; there are {string.Join(", ", known)}.") : words;
}
