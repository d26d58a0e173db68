using System.Globalization;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>What speaks for an index, in figures that can be compared later, whatever the weights of the workload were then.</summary>
/// <param name="Before">Planner cost of one call, on average over the queries that use it, without it.</param>
/// <param name="After">The same with it.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Bytes">Size of the index.</param>
internal sealed record IndexFigures(double Before, double After, double Rows, double Bytes)
{
    /// <summary>What a call gains.</summary>
    public double Gain => Before - After;

    /// <summary>The figures as they are kept in a decision that rejects the index.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"cost {Before:0.##} -> {After:0.##}; rows {Rows:0}; bytes {Bytes:0}");
}
