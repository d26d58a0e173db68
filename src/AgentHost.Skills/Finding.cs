using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentHost.Sql;

namespace AgentHost.Skills;

/// <summary>Something a reviewer found at a place in a source text: what happens, why it is believed, and what to do.</summary>
public sealed record Finding
{
    /// <summary>The rule's id, as <c>set-not-null-scan</c>; also the slug of its page.</summary>
    public required string Rule { get; init; }

    /// <summary>How bad the consequence is.</summary>
    public required Severity Severity { get; init; }

    /// <summary>Line of the offending clause, 1-based.</summary>
    public int Line => Span.Line;

    /// <summary>Column of the offending clause, 1-based, in UTF-16 code units.</summary>
    public int Column => Span.Column;

    /// <summary>In a digest, the other lines of which the same holds; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? AlsoLines { get; init; }

    /// <summary>The statement's source text on one line, shortened to 200 characters.</summary>
    public required string Statement { get; init; }

    /// <summary>What happens to this very object and what to do, in at most two lines.</summary>
    public required string Message { get; init; }

    /// <summary>The strongest lock that the offending clause takes on an existing relation, where the rule is about a lock.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LockMode? Lock { get; init; }

    /// <summary>Whether a whole table or its index is written anew.</summary>
    public bool Rewrites { get; init; }

    /// <summary>Whether a whole existing table is read.</summary>
    public bool Scans { get; init; }

    /// <summary>What was observed or on what the claim rests.</summary>
    public ImmutableArray<Evidence> Evidence { get; init; } = [];

    /// <summary>The safe form, where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Fix? Fix { get; init; }

    /// <summary>The page that the finding rests on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Citation? Citation { get; init; }

    /// <summary>The id of the team's decision that waives the finding; it then does not count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WaivedBy { get; init; }

    /// <summary>That decision: its title, who wrote it and when, so that a reader can judge what it is worth.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Waiver? Waiver { get; init; }

    /// <summary>Where the offending clause stands.</summary>
    [JsonIgnore]
    public SourceSpan Span { get; init; }

    /// <summary>The statement's index in its script, or -1 where the file could not be parsed.</summary>
    [JsonIgnore]
    public int StatementIndex { get; init; } = -1;

    /// <summary>The table, view or index that the finding is about, where there is one.</summary>
    [JsonIgnore]
    public QualifiedName? Relation { get; init; }

    /// <summary>Whether the offending clause stands in a routine of the schema that the file only calls, so that no edit of the file mends it.</summary>
    [JsonIgnore]
    public bool IsElsewhere { get; init; }

    /// <summary>Whether this is policy that a team may switch off, rather than a hazard.</summary>
    [JsonIgnore]
    public bool IsAdvice { get; init; }

    /// <summary>Whether it is advice on a matter of taste or policy, which texts for people fold into one line.</summary>
    [JsonIgnore]
    public bool IsRemark { get; init; }
}

/// <summary>A decision of the team that accepts a finding.</summary>
/// <param name="Id">Its id in the project's memory.</param>
/// <param name="Title">Its title.</param>
/// <param name="By">Who wrote it.</param>
/// <param name="When">When.</param>
public sealed record Waiver(string Id, string Title, string By, DateTimeOffset When)
{
    /// <summary>The last day (UTC) on which it is in force; null where it has no end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? Until { get; init; }

    /// <summary>Who decided, when and until when, as <c>Ada, 2026-11-22, until 2026-12-31</c>.</summary>
    public override string ToString() => $"{By}{(When == DateTimeOffset.UnixEpoch ? "" : $", {When:yyyy-MM-dd}")}{(Until is { } until ? $", until {until:yyyy-MM-dd}" : "")}";
}
