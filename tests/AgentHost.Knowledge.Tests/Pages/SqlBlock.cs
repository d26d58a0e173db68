using Markdig;
using Markdig.Syntax;

namespace AgentHost.Knowledge.Tests.Pages;

/// <summary>A fenced <c>sql</c> block of a page: <c>sql</c> runs, <c>sql fails 42601</c> must fail with that SQLSTATE, <c>sql norun REASON</c> is not run.</summary>
public sealed record SqlBlock(int Line, string Sql, string? Fails, string? NotRunBecause)
{
    public static IEnumerable<SqlBlock> Of(string markdown)
    {
        foreach (var block in Markdown.Parse(markdown).Descendants<FencedCodeBlock>().Where(b => b.Info == "sql"))
        {
            var arguments = (block.Arguments ?? "").Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            yield return arguments switch
            {
                [] => new SqlBlock(block.Line + 1, block.Lines.ToString(), null, null),
                ["fails", var state] => new SqlBlock(block.Line + 1, block.Lines.ToString(), state, null),
                ["norun", var reason] => new SqlBlock(block.Line + 1, block.Lines.ToString(), null, reason),
                _ => throw new FormatException($"Line {block.Line + 1}: write ```sql, ```sql fails SQLSTATE, or ```sql norun REASON, not '{block.Arguments}'."),
            };
        }
    }
}
