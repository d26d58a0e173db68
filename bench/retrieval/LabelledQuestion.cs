using System.Security.Cryptography;
using System.Text;

namespace AgentHost.Bench.Retrieval;

/// <summary>A question in a person's or an agent's own words, and the pages that answer it.</summary>
/// <param name="Text">The question.</param>
/// <param name="Pages">Slugs, the best first; each of them is a right answer.</param>
internal sealed record LabelledQuestion(string Text, string[] Pages)
{
    /// <summary>A third, by the question's hash, that no weight was chosen with.</summary>
    public bool IsKeptAside => SHA256.HashData(Encoding.UTF8.GetBytes(Text))[0] % 3 == 0;

    /// <summary>The questions of a file: a line each, the question, a tab, slugs.</summary>
    /// <exception cref="FormatException">A line is something else.</exception>
    public static LabelledQuestion[] Read(string file) => [.. File.ReadLines(file).Select((line, index) =>
        line.Split('\t') is [{ Length: > 0 } text, { Length: > 0 } pages]
            ? new LabelledQuestion(text, pages.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : throw new FormatException($"{file}, line {index + 1}: a question, a tab and slugs are expected."))];
}
