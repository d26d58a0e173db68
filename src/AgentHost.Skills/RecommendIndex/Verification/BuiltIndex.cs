using AgentHost.Sql;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>A proposed index that was built.</summary>
/// <param name="Set">The number of its candidate set.</param>
/// <param name="Alternative">Its number there.</param>
/// <param name="Index">What was proposed.</param>
/// <param name="Name">Its name, as SQL writes it with its schema.</param>
/// <param name="BareName">Its name as plans show it.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record BuiltIndex(int Set, int Alternative, ProposedIndex Index, string Name, string BareName, long Bytes)
{
    /// <summary>Its access method.</summary>
    public string Method { get; init; } = "btree";

    /// <summary>Its table's columns that it depends on: keys, included ones, in expressions, in its predicate.</summary>
    public IReadOnlySet<string> Columns { get; init; } = new HashSet<string>();

    /// <summary>Its table as SQL writes it.</summary>
    public string Table => SqlIdentifier.Quote(Index.Table);
}
