using AgentHost.Skills.RecommendIndex.Pricing;

namespace AgentHost.Skills.RecommendIndex.Search;

/// <summary>Ends a search after its time.</summary>
internal sealed class SearchClock : IDisposable
{
    private readonly Timer timer;

    public SearchClock(StagedIndexes session, double seconds) =>
        timer = new Timer(_ => session.OutOfTime = true, null, TimeSpan.FromSeconds(Math.Clamp(seconds, 0.001, 86_400)), Timeout.InfiniteTimeSpan);

    public void Dispose() => timer.Dispose();
}
