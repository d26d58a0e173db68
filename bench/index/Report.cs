namespace AgentHost.Bench.Index;

/// <summary>The table of a workload: each advisor in the terms of none and the expert.</summary>
internal sealed class Report(WorkloadFiles files, Measured none, Measured expert)
{
    public const string Header = """
        | workload | advisor | indexes | MB | reads ms | other values ms | gap closed | other values | net to expert's | WAL to expert's | HOT | cost | unused | covered | drops found, wrong | planner calls | advice s |
        |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
        """;

    public void Print(string advisor, Measured one)
    {
        var found = one.Advice.Drop.Intersect(files.Needless).Count();
        Console.WriteLine(
            $"| {files.Name} | {advisor} | {one.Made.Length} | {one.Made.Sum(index => index.Bytes) / 1048576.0:F0} | {one.GivenTime:F0} | {one.AsideTime:F0} "
            + $"| {Gap(none.GivenTime, one.GivenTime, expert.GivenTime)} | {Gap(none.AsideTime, one.AsideTime, expert.AsideTime)} | {one.NetTime / expert.NetTime:F2} | {one.WalBytes / expert.WalBytes:F2} | {one.Hot:P0} "
            + $"| {one.Cost:F0} | {one.Unused.Count()} | {one.Made.Count(index => index.IsCovered)} | {found} of {files.Needless.Length}, {one.Advice.Drop.Length - found} | {(one.Advice.Calls is { } calls ? $"{calls:F0}" : "–")} | {one.Advice.Seconds:F1} |");
    }

    /// <summary>What was made, each query where this advisor leaves time that the expert saves, and its writes.</summary>
    public void PrintQueries(string advisor, Measured one)
    {
        Console.WriteLine($"  made by {advisor}:");
        foreach (var index in one.Made)
            Console.WriteLine($"    {index.Definition}{(one.Unused.Contains(index.Name) ? "   UNUSED" : "")}{(index.IsCovered ? "   COVERED" : "")}   {index.Bytes / 1048576.0:F1} MB");
        foreach (var drop in one.Advice.Drop)
            Console.WriteLine($"    drop {drop}{(files.Needless.Contains(drop) ? "" : "   WRONG")}");
        Console.WriteLine($"  {"weighted ms, both sets' mean",-42}{"none",10}{"expert",10}{advisor,14}");
        foreach (var read in one.Given.Keys.OrderByDescending(name => Mean(one, name) - Mean(expert, name)))
        {
            Console.WriteLine($"    {read,-40}{Mean(none, read),10:F1}{Mean(expert, read),10:F1}{Mean(one, read),14:F1}   {string.Join(' ', one.Given[read].Indexes)}"
                + (Mean(one, read) > 1.5 * Mean(expert, read) + 1 ? $"   EXPERT: {string.Join(' ', expert.Given[read].Indexes)}" : ""));
        }
        foreach (var (name, write) in one.Writes.OrderBy(write => write.Key, StringComparer.Ordinal))
        {
            double Time(Measured measured) => files.Weight(name) * measured.Writes[name].Milliseconds;
            Console.WriteLine($"    write {name,-34}{Time(none),10:F1}{Time(expert),10:F1}{Time(one),14:F1}   WAL {none.Writes[name].WalBytes:F0} {expert.Writes[name].WalBytes:F0} {write.WalBytes:F0}   HOT {none.Writes[name].Hot:P0} {expert.Writes[name].Hot:P0} {write.Hot:P0}");
        }
    }

    // Where there is no gap there is none to close.
    private static string Gap(double none, double one, double expert) => none - expert < 0.1 * none ? "–" : $"{(none - one) / (none - expert):P1}";

    private double Mean(Measured measured, string read) =>
        files.Weight(read) * (measured.Aside.IsEmpty ? measured.Given[read].Milliseconds : (measured.Given[read].Milliseconds + measured.Aside[read].Milliseconds) / 2);
}
