using System.CommandLine;
using System.Text;
using System.Text.Json;
using AgentHost.Composition;
using AgentHost.Postgres;
using AgentHost.Skills;
using AgentHost.Workspaces;

namespace AgentHost.Cli;

/// <summary>One run of a verb: where it reads, where it writes.</summary>
internal sealed class Session
{
    /// <summary>Done, nothing to complain about.</summary>
    public const int Clean = 0;

    /// <summary>Done, and findings at or above the threshold.</summary>
    public const int Findings = 1;

    /// <summary>The input or the surroundings cannot be used.</summary>
    public const int Unusable = 2;

    private const int Interrupted = 130;

    /// <summary>By which name the command line is a client of the trail.</summary>
    private const string Name = "agenthost";

    private readonly string format;

    private Session(Architect architect, string format) => (Architect, this.format) = (architect, format);

    /// <summary>The parts to work with.</summary>
    public Architect Architect { get; }

    /// <summary>Whether the answer is for programs.</summary>
    public bool IsJson => format == "json";

    /// <summary>The verb as it was typed: <c>review</c>, <c>memory list</c>.</summary>
    public static string VerbOf(ParseResult parse) => parse.CommandResult.Parent is System.CommandLine.Parsing.CommandResult { Command: not RootCommand and var outer }
        ? $"{outer.Name} {parse.CommandResult.Command.Name}" : parse.CommandResult.Command.Name;

    /// <summary>Runs <paramref name="body"/>; a failure becomes a line or two on stderr and exit code 2.</summary>
    public static async Task<int> RunAsync(ParseResult parse, Func<Session, CancellationToken, Task<int>> body, CancellationToken cancellation)
    {
        var verb = VerbOf(parse);
        var architect = new Architect(() => Options.Load(parse));
        var hasFormat = parse.CommandResult.Command.Options.Any(option => option.Name == Options.Format.Name);
        try
        {
            return await body(new Session(architect, hasFormat ? parse.GetValue<string>(Options.Format.Name)! : "pretty"), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Interrupted;
        }
#pragma warning disable CA1031 // The last line of defence: a person gets a sentence, not a stack trace.
        catch (Exception failure)
        {
            var complaint = Complaint.About(failure, verb);
            await Console.Error.WriteLineAsync(architect.Conceal($"agenthost {verb}: {complaint.Message}"));
            if (ToolOf(verb) is { } tool)
                architect.Leave(tool, new Conclusion("", complaint.Verdict), Name);
            if (complaint.IsOurs && Environment.GetEnvironmentVariable("AGENTHOST_TRACE") is { Length: > 0 })
                await Console.Error.WriteLineAsync(architect.Conceal(failure.ToString()));
            return Unusable;
        }
#pragma warning restore CA1031
    }

    /// <summary>Leaves what a skill concluded in the session trail.</summary>
    public void Conclude(string tool, Conclusion conclusion) => Architect.Leave(tool, conclusion, Name);

    private static string? ToolOf(string verb) => verb switch
    {
        "review" => "review_migration",
        "explain" => "explain_plan",
        "index" => "recommend_index",
        "design" => "design_schema",
        "search" => "search_best_practices",
        "remember" or "revise" => verb,
        _ => null,
    };

    /// <summary>Keeps the proposals of an answer where <c>--record</c> asks for it.</summary>
    public async Task<Recording<T>> KeepAsync<T>(T result, ParseResult parse, CancellationToken cancellation)
        where T : SkillResult => await result.KeptAsync(Architect.Memory, parse.GetValue(Options.Record), null, cancellation);

    /// <summary>Writes the answer, and behind it what of its proposals could not be kept.</summary>
    public void Write<T>(Recording<T> kept, Func<T, int?, string> render)
        where T : SkillResult => Write(kept.Told, (_, width) => kept.Rendered(result => render(result, width)));

    /// <summary>Writes the answer as the format asks.</summary>
    public void Write<T>(T result, Func<T, int?, string> render)
    {
        if (IsJson)
        {
            using var output = Console.OpenStandardOutput();
            JsonSerializer.Serialize(output, result, AnswerJson.Readable<T>());
            output.Write("\n"u8);
        }
        else
            Terminal.Write(Architect.Conceal(render(result, Terminal.Width)));
    }

    /// <summary>Writes a text that has a form of its own, without colours.</summary>
    public void WriteAsIs(string text)
    {
        // Console.Out would write it in pieces of 256 bytes.
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(Architect.Conceal(text)));
    }

    /// <summary>The database that --target or --dsn names, or null where neither is given; the caller closes it.</summary>
    public async Task<ReadOnlyTarget?> ConnectAsync(ParseResult parse, CancellationToken cancellation) => (parse.GetValue(Options.Target), parse.GetValue(Options.Dsn)) switch
    {
        (null, null) => null,
        ({ } name, null) => await Architect.ConnectAsync(name, cancellation),
        (null, { } address) => await ReadOnlyTarget.ConnectAsync("--dsn", Address("--dsn", address), ct: cancellation),
        _ => throw new SkillInputException("Give either --target or --dsn, not both."),
    };

    /// <summary>The address itself, or for <c>env:NAME</c> what that variable holds.</summary>
    public static string Address(string option, string address) => !address.StartsWith("env:", StringComparison.Ordinal)
        ? address
        : Environment.GetEnvironmentVariable(address["env:".Length..]) is { Length: > 0 } value
            ? value
            : throw new SkillInputException($"{option}: the environment variable {address["env:".Length..]} is not set.");

    /// <summary>The text of a file, or of stdin for <c>-</c>.</summary>
    public static async Task<NamedText> ReadAsync(string path, CancellationToken cancellation)
    {
        if (path != "-")
            return TextFile.ReadScript(Path.GetFullPath(path), path);
        await using var input = Console.OpenStandardInput();
        return new NamedText("-", await TextFile.ReadAsync(input, "stdin", cancellation));
    }

    /// <summary>The texts of a file, of each <c>*.sql</c> file in a folder, or of stdin for <c>-</c>.</summary>
    public static async Task<IReadOnlyList<NamedText>> ReadScriptsAsync(string path, CancellationToken cancellation) =>
        path != "-" && Directory.Exists(path) ? TextFile.ReadFolder(Path.GetFullPath(path), path, file => file) : [await ReadAsync(path, cancellation)];

    /// <summary>Tells on stderr what is being done, where somebody watches.</summary>
    public static IProgress<string>? Progress => Console.IsErrorRedirected ? null : new ErrorLine();

    private sealed class ErrorLine : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine($"… {value}");
    }
}
