namespace AgentHost.Knowledge.Memory;

/// <summary>What a decision chose for a subject, as <c>key-strategy = uuidv7</c>. Both sides are lower case with hyphens.</summary>
/// <param name="Subject">What was to be chosen; <see cref="MemorySubjects"/> lists those that design follows, any other is free.</param>
/// <param name="Value">The choice.</param>
public sealed record Choice(string Subject, string Value)
{
    /// <summary>Reads <c>subject = value</c>; null where a side is missing.</summary>
    public static Choice? Read(string text)
    {
        var equals = text.LastIndexOf('=');
        if (equals < 0) return null;
        var (subject, value) = (Normalise(text[..equals]), Normalise(text[(equals + 1)..]));
        return subject.Length == 0 || value.Length == 0 ? null : MemorySubjects.Canonical(new Choice(subject, value));
    }

    /// <inheritdoc />
    public override string ToString() => $"{Subject} = {Value}";

    // Hyphens, underscores and spaces are one; inside parentheses (an index's columns) the text stays as it is but for its case.
    private static string Normalise(string side)
    {
        var text = EntryText.Line(side).ToLowerInvariant();
        return text.Contains('(', StringComparison.Ordinal) ? text : text.Replace('_', '-').Replace(' ', '-');
    }
}
