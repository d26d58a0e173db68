using Spectre.Console;

namespace AgentHost.Cli;

/// <summary>Writes the skills' plain text to the terminal; the words that matter are coloured where it shows colours.</summary>
internal static class Terminal
{
    private static readonly (string Word, string Style)[] Words =
    [
        ("unsafe", "bold red"), ("error", "bold red"), ("critical", "bold red"), ("missing", "bold red"), ("problems", "bold red"),
        ("caution", "bold yellow"), ("warning", "bold yellow"),
        ("safe", "bold green"), ("proven", "bold green"), ("healthy", "bold green"), ("ok", "bold green"),
        ("info", "blue"), ("|", "bold red"), ("fix", "green"), ("fix:", "green"), ("advice", "green"), ("advice:", "green"),
    ];

    /// <summary>Characters a line, or null where stdout is not a terminal.</summary>
    public static int? Width => Console.IsOutputRedirected ? null : Math.Clamp(Console.WindowWidth, 60, 160);

    private static readonly Lazy<IAnsiConsole> Colours = new(() =>
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        console.Profile.Width = NeverWraps;
        return console;
    });

    // Lines are laid out by whoever wrote them; the terminal wraps what is wider than it.
    private const int NeverWraps = 10_000;

    private static bool IsPlain =>
        Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") is "dumb";

    /// <summary>Writes text as it is, coloured by the first word of each line where the terminal shows colours.</summary>
    public static void Write(string text)
    {
        text = text.TrimEnd('\n');
        if (IsPlain)
        {
            Console.Out.WriteLine(text);
            return;
        }
        foreach (var line in text.Split('\n'))
            WriteLine(line);
    }

    /// <summary>Writes a line of Spectre markup; without its colours where the terminal shows none.</summary>
    public static void Markup(string markup)
    {
        if (IsPlain)
            Console.Out.WriteLine(markup.RemoveMarkup());
        else
            Colours.Value.MarkupLine(markup);
    }

    private static void WriteLine(string line)
    {
        var start = line.Length - line.TrimStart().Length;
        var end = line.IndexOf(' ', start);
        var word = (end < 0 ? line[start..] : line[start..end]).ToLowerInvariant();
        var style = Array.Find(Words, candidate => candidate.Word == word.TrimEnd(',')).Style;
        if (style is null)
            Console.Out.WriteLine(line);
        else
            Colours.Value.MarkupLine($"{line[..start].EscapeMarkup()}[{style}]{line[start..(start + word.Length)].EscapeMarkup()}[/]{line[(start + word.Length)..].EscapeMarkup()}");
    }
}
