using System.Text;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>What was rewritten as compact text: the files, what each fix was, and what is left and why.</summary>
public static class RewriteText
{
    private const int Width = 110;

    /// <summary>Renders the rewritten migrations of a review.</summary>
    /// <param name="result">The review.</param>
    /// <param name="withFiles">Whether to show the files' text.</param>
    public static string Render(ReviewResult result, bool withFiles)
    {
        var text = new StringBuilder();
        foreach (var file in result.Files)
        {
            if (file.Rewrite is { } rewrite)
                Render(text, file.Path, rewrite, withFiles);
        }

        return (text.Length == 0 ? "Nothing to fix.\n" : text.ToString()) + MemoryFooter.Render(result, Width);
    }

    private static void Render(StringBuilder text, string path, MigrationRewrite rewrite, bool withFiles)
    {
        text.Append(rewrite switch
        {
            { Files: [] } => $"NOT REWRITTEN  {path}{(rewrite.Refusal is { } why ? $": {why}" : "")}\n",
            { Files: [_] } => $"REWRITTEN  {path}\n",
            _ => $"REWRITTEN  {path} as {rewrite.Files.Length} files, to run in this order\n",
        });
        foreach (var file in rewrite.Files)
        {
            text.Append("  ").Append(file.Name).Append(file.InTransaction switch
            {
                true => " (in a transaction)",
                false => " (outside of a transaction)",
                null => "",
            }).Append('\n');
            if (withFiles)
                text.Append(string.Concat(file.Text.TrimEnd().Split('\n').Select(line => $"    {line}\n")));
        }

        foreach (var done in rewrite.Fixed)
            text.Append($"  fixed  line {done.Line} {done.Rule}: {done.Title}\n");
        foreach (var left in rewrite.Remaining)
            text.Append($"  left   line {left.Line} {left.Rule}: {left.Why}\n");
        foreach (string check in rewrite.Checks)
            text.Append($"  checked: {check}\n");
    }
}
