using System.Text;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Text made of words, the frequent ones more often.</summary>
internal static class Words
{
    private static readonly string[] Vocabulary =
    [
        "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "with", "as", "was", "on", "be", "at", "by", "this", "from", "or", "have", "an", "they", "which", "one", "you", "were", "all", "her", "she",
        "there", "would", "their", "we", "him", "been", "has", "when", "who", "will", "no", "more", "if", "out", "so", "up", "said", "what", "its", "about", "than", "into", "them", "can", "only", "other", "time",
        "new", "some", "could", "these", "two", "may", "first", "then", "do", "any", "like", "my", "now", "over", "such", "our", "man", "me", "even", "most", "made", "after", "also", "well", "many", "must",
        "before", "back", "through", "years", "where", "much", "your", "way", "down", "should", "because", "long", "each", "people", "state", "work", "report", "system", "order", "price", "customer", "delivery",
    ];

    /// <summary>The text of a number, about so many bytes long.</summary>
    public static string Text(int number, int width)
    {
        var text = new StringBuilder(width + 12);
        for (var i = 0; text.Length < width; i++)
        {
            var chance = (double)(Place.Seed($"{number} {i}") & 0xffffff) / 0x1000000;
            text.Append(Vocabulary[(int)(chance * chance * Vocabulary.Length)]).Append(' ');
        }

        return text.ToString(0, Math.Max(0, width));
    }
}
