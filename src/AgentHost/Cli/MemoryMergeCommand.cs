using System.CommandLine;
using AgentHost.Knowledge.Memory;
using AgentHost.Skills;
using AgentHost.Workspaces;

namespace AgentHost.Cli;

/// <summary><c>agenthost memory merge</c>: git's merge driver for memory files.</summary>
internal static class MemoryMergeCommand
{
    /// <summary>The verb; its exit code is what git expects: 0 merged, 1 merged with conflicts left in the file.</summary>
    public static Command Create()
    {
        var origin = new Argument<string>("origin") { Description = "The version from which both came (git: %O)" };
        var ours = new Argument<string>("ours") { Description = "Our version; the result is written there (git: %A)" };
        var theirs = new Argument<string>("theirs") { Description = "Their version (git: %B)" };
        var name = new Argument<string?>("name") { Description = "The file's name in the repository (git: %P; default: that of OURS)", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("merge", "Merges two branches' versions of a memory file entry by entry, as git's merge driver") { origin, ours, theirs, name };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (_, stop) =>
        {
            var target = Path.GetFullPath(parse.GetValue(ours)!);
            var merged = MemoryMerge.Of(KindOf(parse.GetValue(name) ?? target), Read(origin), Read(ours), Read(theirs));
            await File.WriteAllTextAsync(target, merged.Text, stop);
            if (merged.Conflicts == 0)
                return Session.Clean;
            await Console.Error.WriteLineAsync($"{merged.Conflicts} {(merged.Conflicts == 1 ? "entry was" : "entries were")} changed on both sides; both versions stand between git's conflict marks.");
            return Session.Findings;

            string Read(Argument<string> argument) => TextFile.Read(Path.GetFullPath(parse.GetValue(argument)!), parse.GetValue(argument)!);
        }, cancellation));
        return command;
    }

    private static MemoryKind KindOf(string path) => Path.GetFileName(path) switch
    {
        "learnings.md" => MemoryKind.Learning,
        "decisions.md" => MemoryKind.Decision,
        "issues.md" => MemoryKind.Issue,
        var other => throw new SkillInputException($"'{other}' is no memory file; merge learnings.md, decisions.md or issues.md, or give the name behind the three versions (git: %P)."),
    };
}
