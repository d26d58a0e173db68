using System.Buffers;
using System.Text;

namespace AgentHost.Postgres.Rows;

/// <summary>
/// Texts that a regular expression of the simple kind found in CHECKs accepts: literals, classes, groups with alternatives, and counts. What
/// it does not understand gives no sample; whether a sample fits is for PostgreSQL to say.
/// </summary>
internal static class RegexSample
{
    private const int Samples = 12, MaxLength = 200;
    private static readonly SearchValues<char> Marks = SearchValues.Create("[^$\\(|");

    /// <summary>Whether a literal looks like a pattern.</summary>
    public static bool IsPattern(string literal) => literal.Length is > 1 and < 500 && literal.AsSpan().IndexOfAny(Marks) >= 0;

    /// <summary>A few different samples.</summary>
    public static IEnumerable<string> Of(string pattern)
    {
        for (var seed = 0; seed < Samples; seed++)
        {
            var reader = new Reader(pattern, seed);
            if (reader.Read() is not { } sample)
                yield break;
            yield return sample;
        }
    }

    private sealed class Reader(string pattern, int seed)
    {
        private int at;
        private int drawn;

        public string? Read()
        {
            var text = Alternatives();
            return text is null || at < pattern.Length || text.Length > MaxLength ? null : text;
        }

        private string? Alternatives()
        {
            var choices = new List<string>();
            do
            {
                if (Sequence() is not { } choice)
                    return null;
                choices.Add(choice);
            }
            while (Take('|'));
            return choices[seed % choices.Count];
        }

        private string? Sequence()
        {
            var text = new StringBuilder();
            while (at < pattern.Length && pattern[at] is not ('|' or ')'))
            {
                var start = at;
                if (Atom() is not { } atom)
                    return null;
                var end = at;
                var (count, isCounted) = Count();
                if (!isCounted)
                {
                    text.Append(atom);
                    continue;
                }

                var after = at;
                for (var i = 0; i < count && text.Length <= MaxLength; i++)
                {
                    at = start;
                    text.Append(Atom());
                }

                at = Math.Max(after, end);
            }

            return text.ToString();
        }

        private string? Atom()
        {
            switch (pattern[at++])
            {
                case '^' or '$':
                    return "";
                case '(':
                    if (Take('?') && !Take(':'))
                        return null;
                    return Alternatives() is { } group && Take(')') ? group : null;
                case '[':
                    return Class();
                case '.':
                    return Draw("abcdefghij").ToString();
                case '\\':
                    return at < pattern.Length ? Escape(pattern[at++]) : null;
                case var literal:
                    return literal.ToString();
            }
        }

        private string? Escape(char letter) => letter switch
        {
            'd' => Draw("123456789").ToString(),
            'w' => Draw("abcdefghij").ToString(),
            's' => " ",
            'm' or 'M' or 'y' or 'A' or 'Z' => "",
            _ when char.IsLetterOrDigit(letter) => null,
            _ => letter.ToString(),
        };

        private string? Class()
        {
            var isNegated = Take('^');
            var members = new StringBuilder();
            while (at < pattern.Length && (pattern[at] != ']' || members.Length == 0))
            {
                if (pattern[at] == '[' && at + 1 < pattern.Length && pattern[at + 1] == ':')
                {
                    var end = pattern.IndexOf(":]", at, StringComparison.Ordinal);
                    if (end < 0)
                        return null;
                    members.Append(pattern[(at + 2)..end] switch { "digit" => "0123456789", "upper" => "ABCDEFGHIJ", "space" => " ", "punct" => "-", _ => "abcdefghij" });
                    at = end + 2;
                    continue;
                }

                var first = pattern[at++];
                if (first == '\\' && at < pattern.Length)
                {
                    members.Append(pattern[at] switch { 'd' => "0123456789", 'w' => "abcdefghij", 's' => " ", var other => other.ToString() });
                    at++;
                    continue;
                }

                if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
                {
                    var last = pattern[at + 1];
                    at += 2;
                    for (var c = first; c <= last && members.Length < 300; c++)
                        members.Append(c);
                }
                else
                {
                    members.Append(first);
                }
            }

            if (!Take(']') || members.Length == 0)
                return null;
            if (!isNegated)
                return Draw(members.ToString()).ToString();
            var excluded = members.ToString();
            return "abcXYZ019-_".FirstOrDefault(c => !excluded.Contains(c, StringComparison.Ordinal)) is var free && free != 0 ? free.ToString() : null;
        }

        private (int Count, bool IsCounted) Count()
        {
            if (at >= pattern.Length)
                return (1, false);
            switch (pattern[at])
            {
                case '*':
                    at++;
                    Take('?');
                    return (seed % 3, true);
                case '+':
                    at++;
                    Take('?');
                    return (1 + (seed % 4), true);
                case '?':
                    at++;
                    return (seed % 2, true);
                case '{' when pattern.IndexOf('}', at) is var end and > 0:
                    var bounds = pattern[(at + 1)..end].Split(',');
                    at = end + 1;
                    if (!int.TryParse(bounds[0], out var least) || least > MaxLength)
                        return (1, false);
                    var most = bounds.Length == 1 ? least : int.TryParse(bounds[1], out var limit) ? limit : least + 3;
                    return (least + (seed % (Math.Max(0, Math.Min(most - least, 4)) + 1)), true);
                default:
                    return (1, false);
            }
        }

        private char Draw(string members) => members[((seed * 7) + drawn++) % members.Length];

        private bool Take(char expected)
        {
            if (at >= pattern.Length || pattern[at] != expected)
                return false;
            at++;
            return true;
        }
    }
}
