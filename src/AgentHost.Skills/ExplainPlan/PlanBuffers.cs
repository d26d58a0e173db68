using System.Text.Json.Serialization;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Blocks of 8 KiB that a node and everything below it touched (EXPLAIN's BUFFERS option).</summary>
/// <param name="SharedHit">Found in shared buffers.</param>
/// <param name="SharedRead">Read from the operating system.</param>
/// <param name="SharedDirtied">Changed in shared buffers.</param>
/// <param name="SharedWritten">Written out by this very backend.</param>
/// <param name="TempRead">Read back from temporary files.</param>
/// <param name="TempWritten">Spilled to temporary files.</param>
public sealed record PlanBuffers(double SharedHit, double SharedRead, double SharedDirtied, double SharedWritten, double TempRead, double TempWritten)
{
    /// <summary>The size of a block in bytes, PostgreSQL's default build.</summary>
    public const int BlockBytes = 8192;

    /// <summary>Milliseconds of reading, over all processes; 0 without track_io_timing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double ReadMs { get; init; }

    /// <summary>Milliseconds of writing, over all processes; 0 without track_io_timing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double WriteMs { get; init; }

    /// <summary>Milliseconds with temporary files, over all processes; 0 without track_io_timing, or before version 15.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double TempMs { get; init; }
}
