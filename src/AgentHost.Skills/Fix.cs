using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using AgentHost.Sql;

namespace AgentHost.Skills;

/// <summary>A safe form of what was found.</summary>
/// <param name="Title">What the fix does, in a few words.</param>
/// <param name="Sql">SQL to put in the clause's place; it may name transactions in comments.</param>
public sealed record Fix(string Title, string Sql)
{
    /// <summary>
    /// Whether <see cref="Steps"/> can be put in place as they are and lead to the same catalog; otherwise the fix is guidance, which needs a
    /// release in between, a decision or data.
    /// </summary>
    [JsonPropertyOrder(1)]
    public bool Complete => !Steps.IsEmpty;

    /// <summary>The steps in order; empty where the fix is guidance.</summary>
    [JsonIgnore]
    public ImmutableArray<FixStep> Steps { get; init; } = [];

    /// <summary>What the steps stand in for: an action of ALTER TABLE, whose other actions stay, or a whole statement.</summary>
    [JsonIgnore]
    public SourceSpan Replaces { get; init; }

    /// <summary>Whether the statement stays as it is and only runs in another transaction; another fix of it then goes first.</summary>
    [JsonIgnore]
    public bool Moves { get; init; }

    /// <summary>What the fix changes in the catalog beyond the original, as a statement that does the same to it; null where it changes nothing.</summary>
    [JsonIgnore]
    public string? Adds { get; init; }

    /// <summary>A complete fix.</summary>
    /// <param name="title">What it does, in a few words.</param>
    /// <param name="replaces">What the steps stand in for.</param>
    /// <param name="steps">The steps in order.</param>
    public static Fix Of(string title, SourceSpan replaces, params ReadOnlySpan<FixStep> steps) =>
        new(title, Text(steps)) { Steps = [.. steps], Replaces = replaces };

    private static string Text(ReadOnlySpan<FixStep> steps)
    {
        var text = new StringBuilder();
        for (int i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            bool binds = i + 1 < steps.Length && steps[i + 1].IsAtomic;
            if (i > 0)
                text.Append(step.Run is FixRun.Fresh or FixRun.Last ? "\n-- in a later transaction\n" : "\n");
            text.Append(binds && !step.IsAtomic ? "BEGIN;\n" : "").Append(step.Sql).Append(';').Append(step.IsAtomic && !binds ? "\nCOMMIT;" : "");
        }

        return text.ToString();
    }
}

/// <summary>A statement of a fix.</summary>
/// <param name="Sql">Its text, without a semicolon at the end.</param>
/// <param name="Run">How it must run.</param>
public sealed record FixStep(string Sql, FixRun Run = FixRun.Joins)
{
    /// <summary>Whether nobody may see the database between the step before and this one.</summary>
    public bool IsAtomic { get; init; }
}

/// <summary>How a statement of a fix relates to the transactions around it.</summary>
public enum FixRun
{
    /// <summary>It is quick, and may share a transaction with what stands before and behind it.</summary>
    Joins,

    /// <summary>It is slow under a weak lock: no statement before it in its transaction may hold a strong one.</summary>
    Fresh,

    /// <summary>As <see cref="Fresh"/>, and nothing behind it needs its effect, so that it may run at the very end.</summary>
    Last,

    /// <summary>Outside of any transaction: PostgreSQL refuses it in one, or it commits by itself.</summary>
    Outside,
}
