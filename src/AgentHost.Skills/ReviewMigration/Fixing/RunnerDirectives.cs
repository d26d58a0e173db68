using System.Text;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>What a part of a migration must say so that its runner reads it as it is meant.</summary>
internal static partial class RunnerDirectives
{
    /// <summary>A part as a file.</summary>
    /// <param name="file">The original.</param>
    /// <param name="source">The original's text.</param>
    /// <param name="body">The part's statements.</param>
    /// <param name="isOutside">Whether the runner must not wrap it.</param>
    /// <param name="part">Its number, 1-based: the first one takes all of them back.</param>
    public static string Write(MigrationFile file, string source, string body, bool isOutside, int part)
    {
        var text = new StringBuilder();
        text.Append((file.Runner, isOutside) switch
        {
            ("goose", true) => "-- +goose NO TRANSACTION\n-- +goose Up\n",
            ("goose", false) => "-- +goose Up\n",
            ("dbmate", true) => "-- migrate:up transaction:false\n",
            ("dbmate", false) => "-- migrate:up\n",
            ("atlas", true) => "-- atlas:txmode none\n\n",
            (_, true) => "-- no-transaction\n",
            _ => "",
        });
        text.Append(body.Trim('\r', '\n', ' ')).Append('\n');
        if (file is { Runner: "goose" or "dbmate", DownLine: { } line })
        {
            string down = string.Join('\n', source.Split('\n').Skip(line - 1));
            string mark = down.Split('\n')[0];
            text.Append('\n').Append(part == 1 ? down.TrimEnd() : $"{mark.TrimEnd()}\nSELECT 1; -- the first part's down section takes back all of them").Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The text without the directives that <see cref="Write"/> gives every part anew.</summary>
    public static string Strip(string text) => text.Contains("--", StringComparison.Ordinal) ? Directive().Replace(text, "") : text;

    /// <summary>A statement as the runner must see it: goose cuts at semicolons, also at those in a body.</summary>
    public static string Guard(string? runner, string sql) =>
        runner == "goose" && sql.TrimEnd().TrimEnd(';').Contains(';', StringComparison.Ordinal) ? $"-- +goose StatementBegin\n{sql}\n-- +goose StatementEnd" : sql;

    [GeneratedRegex(@"^[ \t]*--[ \t]*(?:\+goose[ \t]+(?:up|down|no[ \t]+transaction|statementbegin|statementend)\b|migrate:(?:up|down)\b|atlas:txmode\b|no-transaction\b)[^\n]*(?:\n|$)",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Directive();
}
