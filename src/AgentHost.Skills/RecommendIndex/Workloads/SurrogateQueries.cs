using System.Collections.Immutable;
using AgentHost.Postgres.Twins;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>Queries as a twin of a redacted snapshot plans them: with its surrogates for their constants. Values that are drawn from its statistics are surrogates already.</summary>
internal static class SurrogateQueries
{
    /// <summary>The texts to price instead of a query's own; empty where that is priced itself.</summary>
    public static async Task<ImmutableArray<BoundQuery>> BindAsync(Twin twin, AnalysedQuery query, SchemaFacts schema, CancellationToken ct)
    {
        if (!twin.HasSurrogates)
            return query.ParameterCount > 0 ? ParameterDraws.Of(query.Query, schema) : OtherValues.Of(query);
        var samples = ImmutableArray.CreateBuilder<string>();
        foreach (var sample in query.Query.Samples)
            samples.Add(await twin.TranslateAsync(sample, ct));
        var translated = await twin.TranslateAsync(query.Sql, ct);
        return query.ParameterCount > 0
            ? ParameterDraws.Of(query.Query with { Sql = translated, Samples = samples.ToImmutable() }, schema)
            : translated == query.Sql ? [] : [new BoundQuery(translated, "surrogates of its constants")];
    }
}
