using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentHost.Sql;

namespace AgentHost.Skills;

/// <summary>Why a claim is believed. What was observed and what is only stated or estimated have different types; JSON tells them by <c>kind</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LockObserved), "lockObserved")]
[JsonDerivedType(typeof(RewriteObserved), "rewriteObserved")]
[JsonDerivedType(typeof(ScanObserved), "scanObserved")]
[JsonDerivedType(typeof(DropObserved), "dropObserved")]
[JsonDerivedType(typeof(ErrorObserved), "errorObserved")]
[JsonDerivedType(typeof(CatalogObserved), "catalogObserved")]
[JsonDerivedType(typeof(PlanCost), "planCost")]
[JsonDerivedType(typeof(Measured), "measured")]
[JsonDerivedType(typeof(Stated), "stated")]
[JsonDerivedType(typeof(Estimated), "estimated")]
[JsonDerivedType(typeof(TableSize), "tableSize")]
public abstract record Evidence;

/// <summary>A lock seen in <c>pg_locks</c> while the statement ran.</summary>
/// <param name="Relation">The relation, with its schema unless that is public.</param>
/// <param name="Lock">The strongest mode held.</param>
public sealed record LockObserved(string Relation, LockMode Lock) : Evidence
{
    /// <summary>How many of the table's indexes were locked with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Indexes { get; init; }
}

/// <summary>The relation's file was replaced by a new one (its relfilenode changed).</summary>
/// <param name="Relation">The relation, with its schema unless that is public.</param>
public sealed record RewriteObserved(string Relation) : Evidence
{
    /// <summary>How many of the table's indexes were built anew with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Indexes { get; init; }

    /// <summary>Whether the table's own file stayed, so that only its indexes are new.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OnlyIndexes { get; init; }
}

/// <summary>The relation was read from end to end (its scan counter moved).</summary>
/// <param name="Relation">The relation, with its schema unless that is public.</param>
public sealed record ScanObserved(string Relation) : Evidence;

/// <summary>The relation was there before the statement and is gone.</summary>
/// <param name="Relation">The relation, with its schema unless that is public.</param>
public sealed record DropObserved(string Relation) : Evidence;

/// <summary>PostgreSQL refused the statement.</summary>
/// <param name="SqlState">The five-character error code (manual, appendix A).</param>
/// <param name="Message">PostgreSQL's own words.</param>
public sealed record ErrorObserved(string SqlState, string Message) : Evidence;

/// <summary>The catalog that a run ended in, as <c>pg_dump --schema-only</c> writes it, is not the one that it should be.</summary>
/// <param name="Step">The step behind which it was looked at: <c>down</c> or <c>up again</c>.</param>
/// <param name="Lost">Lines that are missing.</param>
/// <param name="Added">Lines that should not be there; none, with none missing, where only an order differs.</param>
public sealed record CatalogObserved(string Step, ImmutableArray<string> Lost, ImmutableArray<string> Added) : Evidence;

/// <summary>The planner's total cost, in its own units, before and after a change.</summary>
/// <param name="Before">Cost without the change.</param>
/// <param name="After">Cost with it.</param>
public sealed record PlanCost(double Before, double After) : Evidence;

/// <summary>A figure that was measured.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit, as <c>ms</c>, <c>rows</c>, <c>bytes</c>.</param>
public sealed record Measured(string What, double Value, string Unit) : Evidence;

/// <summary>A claim that rests on documentation, not on an observation.</summary>
/// <param name="Text">The claim.</param>
/// <param name="Source">Where it is documented, as <c>PostgreSQL 17 manual, ALTER TABLE</c>.</param>
public sealed record Stated(string Text, string Source) : Evidence;

/// <summary>A figure or claim that was inferred.</summary>
/// <param name="Text">The claim.</param>
/// <param name="Basis">What it was inferred from.</param>
public sealed record Estimated(string Text, string Basis) : Evidence;

/// <summary>How large and how busy a relation of the target is, and how long the statement takes there: the server's own figures and an estimate.</summary>
/// <param name="Relation">The relation, with its schema unless that is public.</param>
/// <param name="Rows">Its rows, partitions included; null where it was never analyzed.</param>
/// <param name="Bytes">Bytes of its rows, those in TOAST too.</param>
/// <param name="IndexBytes">Bytes of its indexes.</param>
public sealed record TableSize(
    string Relation, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Rows, long Bytes, long IndexBytes) : Evidence
{
    /// <summary>Whether it was never analyzed, or most of it changed since.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsStale { get; init; }

    /// <summary>Seconds that the statement is estimated to take.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Seconds { get; init; }

    /// <summary>What the estimate rests on, as <c>reads 100 MB/s</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Basis { get; init; }

    /// <summary>Rows inserted, updated and deleted a second, on average since <see cref="CountersSince"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WritesPerSecond { get; init; }

    /// <summary>Scans of it and its indexes a second, on average since then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ReadsPerSecond { get; init; }

    /// <summary>Since when the server counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CountersSince { get; init; }

    /// <summary>How long the oldest transaction had been open that held a lock on it when the target was read; a strong lock waits behind such a one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OpenTransactionSeconds { get; init; }
}
