using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>What measuring on made-up rows said of proposed indexes.</summary>
/// <param name="Indexes">A verdict each, in the order in which they were given.</param>
/// <param name="Queries">What each statement took, without and with the indexes that are kept.</param>
/// <param name="Notes">What limits the answer: the scale, what could not be built or run.</param>
public sealed record VerificationResult(ImmutableArray<IndexVerdict> Indexes, ImmutableArray<QueryTimes> Queries, ImmutableArray<string> Notes)
{
    /// <summary>The least share of a table's original rows that was measured on; 1 where all have their size.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Weighted milliseconds of all statements without any of the indexes.</summary>
    public double MillisecondsBefore => Queries.Sum(query => query.Weight * query.MillisecondsBefore);

    /// <summary>Weighted milliseconds with those that are kept.</summary>
    public double MillisecondsAfter => Queries.Sum(query => query.Weight * query.MillisecondsAfter);
}

/// <summary>Whether an index is worth having.</summary>
/// <param name="Index">The index.</param>
/// <param name="Kept">Whether it is.</param>
/// <param name="Reason">Why, with figures.</param>
public sealed record IndexVerdict(ProposedIndex Index, bool Kept, string Reason)
{
    /// <summary>False where time did not suffice or it could not be built: then <see cref="Kept"/> says nothing but what was proposed.</summary>
    public bool IsMeasured { get; init; } = true;

    /// <summary>The share of its table's original rows that it was measured on, 0 to 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Its size, scaled to the original's rows, in bytes.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Weighted milliseconds that its removal from those kept would cost the statements.</summary>
    public double GainMilliseconds { get; init; }

    /// <summary>Weighted milliseconds that keeping it up costs the writes.</summary>
    public double WriteMilliseconds { get; init; }

    /// <summary>Milliseconds of an entry: what a row's insertion or an update that is not HOT takes longer.</summary>
    public double EntryMilliseconds { get; init; }

    /// <summary>Bytes of WAL of an entry, without images of whole pages.</summary>
    public double EntryWalBytes { get; init; }

    /// <summary>How much WAL a row's write has with the index, as a multiple of that without.</summary>
    public double WalRatio { get; init; } = 1;

    /// <summary>The share of the table's updates that are HOT at present; null where it has none.</summary>
    public double? HotShareBefore { get; init; }

    /// <summary>The share that would remain.</summary>
    public double? HotShareAfter { get; init; }

    /// <summary>The names of the statements whose plans use it, where it is kept.</summary>
    public ImmutableArray<string> Queries { get; init; } = [];
}

/// <summary>How long a statement took, warm, the shortest of several runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="MillisecondsBefore">Without the indexes.</param>
/// <param name="MillisecondsAfter">With those that are kept.</param>
public sealed record QueryTimes(string Name, double Weight, double MillisecondsBefore, double MillisecondsAfter)
{
    /// <summary>Pages that it touched, without the indexes.</summary>
    public double PagesBefore { get; init; }

    /// <summary>Pages that it touched with those that are kept.</summary>
    public double PagesAfter { get; init; }

    /// <summary>Whether it was cut off before it ended, without the indexes.</summary>
    public bool WasCutOff { get; init; }
}
