using System.Text;

namespace AgentHost.Skills;

/// <summary>The last lines of every skill's text: what the project's memory has to do with the answer. Nothing where it has nothing.</summary>
public static class MemoryFooter
{
    /// <summary>The lines, each ended by a line break; empty where there is nothing to tell.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="width">Characters a line may have.</param>
    /// <param name="told">Ids of entries that the text names already; they are not named again.</param>
    public static string Render(SkillResult result, int width, IEnumerable<string?>? told = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        foreach (var precedent in result.Precedents.ExceptBy(told ?? [], precedent => precedent.Id))
            Wrap(text, $"{Known(precedent.Kind)}: {precedent.Id} {precedent.Title}", width);
        foreach (var problem in result.MemoryProblems ?? [])
            Wrap(text, $"memory not read: {problem}", width);
        foreach (var proposal in result.Proposals ?? [])
            Wrap(text, $"worth remembering: {proposal.Kind}: {proposal.Title}{Scope(proposal)}", width);
        if (result.Proposals is { Count: > 0 } proposals)
            Wrap(text, $"({(proposals.Count == 1 ? "its text is" : "their texts are")} under proposals; the same call with record keeps {(proposals.Count == 1 ? "it" : "them")})", width);
        if (result.Recorded is { Count: > 0 } recorded)
            Wrap(text, $"recorded: {string.Join(", ", recorded)}", width);
        return text.ToString();
    }

    private static string Known(string kind) => kind switch { "decision" => "decided before", "issue" => "known issue", _ => "learnt before" };

    private static string Scope(ProposedEntry proposal) => proposal.Scope is { Count: > 0 } scope ? $" [{string.Join(", ", scope)}]" : "";

    private static void Wrap(StringBuilder text, string words, int width)
    {
        var used = 0;
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (used > 0 && used + 1 + word.Length > width)
            {
                text.Append("\n  ");
                used = 2;
            }
            else if (used > 0)
            {
                text.Append(' ');
                used++;
            }
            text.Append(word);
            used += word.Length;
        }
        text.Append('\n');
    }
}
