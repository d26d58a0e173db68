using System.Collections.Immutable;
using AgentHost.Postgres.Twins;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex.Pricing;

/// <summary>Makes candidates that HypoPG cannot price in the twin: real, sparse, with our estimate of their size and of their expressions' values.</summary>
internal sealed class CandidateStage(Twin twin, NpgsqlConnection open, StagedIndexes staged)
{
    /// <summary>More are not made: each is one more index that every planning of its table opens.</summary>
    private const int MaxStaged = 400;

    private readonly ExpressionStatistics expressions = new(twin.Snapshot, open);

    /// <summary>The candidates, those with expressions now with their values' figures; without those that PostgreSQL refuses.</summary>
    public async Task<Candidates> StageAsync(Candidates candidates, CancellationToken ct)
    {
        var known = new Dictionary<IndexCandidate, IndexCandidate?>();
        await ExtendAsync(candidates.All.SelectMany(c => c.Extensions), ct);
        foreach (var candidate in candidates.All.Where(StagedIndexes.IsNeeded))
        {
            ct.ThrowIfCancellationRequested();
            known[candidate] = known.Count < MaxStaged ? await StageAsync(candidate, ct) : null;
        }
        return new Candidates(
            [.. candidates.All.Select(c => known.GetValueOrDefault(c, c)).OfType<IndexCandidate>()],
            [.. candidates.Together.Where(g => g.All(c => known.GetValueOrDefault(c, c) is not null)).Select(g => g.Select(c => known.GetValueOrDefault(c, c)!).ToImmutableArray())]);
    }

    private async Task<IndexCandidate?> StageAsync(IndexCandidate candidate, CancellationToken ct)
    {
        var figures = ImmutableArray.CreateBuilder<Postgres.Catalog.ColumnStatistics>();
        var keys = candidate.Keys;
        foreach (var key in candidate.Keys.Where(k => k.Facts.IsExpression && k.Role is not (KeyRole.Contains or KeyRole.Nearest)))
        {
            if (await expressions.OfAsync(candidate.Table, key.Facts, ct) is not { } known)
                continue;
            figures.Add(known);
            keys = keys.Replace(key, key with { Facts = key.Facts with { Width = Math.Max(1, known.Width), RawDistinct = known.Distinct, HasStatistics = true } });
        }
        var sized = candidate with { Keys = keys };
        sized = sized with { SizeBytes = IndexSize.Estimate(sized) };
        try
        {
            var made = await twin.StageIndexAsync($"CREATE INDEX agenthost_{staged.Names.Count} ON {candidate.Definition}", Math.Max(1, sized.SizeBytes / 8192),
                Math.Max(1, candidate.Table.Rows * (candidate.Predicate?.Fraction ?? 1)), figures.Count == candidate.Keys.Count(k => k.Facts.IsExpression) ? figures.ToImmutable() : [], ct);
            ImmutableArray<uint> parts = made.Parts.IsEmpty ? [made.Oid] : made.Parts;
            staged.Add(sized, parts, await NamesAsync(parts, ct));
            return sized;
        }
        catch (PostgresException e) when (e.SqlState[..2] is not ("08" or "57" or "58" or "XX"))
        {
            // A function that is not immutable, an operator class that does not fit: the reason is told where the query goes on reading the whole table.
            staged.Refusals[candidate.Definition] = e.MessageText;
            return null;
        }
    }

    private async Task ExtendAsync(IEnumerable<string> extensions, CancellationToken ct)
    {
        foreach (var extension in extensions.Distinct().Order(StringComparer.Ordinal))
            await twin.Database.ExecuteAsync($"create extension if not exists {SqlIdentifier.Quote(extension)}", ct);
    }

    private async Task<List<string>> NamesAsync(ImmutableArray<uint> oids, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select relname::text from pg_catalog.pg_class where oid = any ($1)", open)
        {
            Parameters = { new NpgsqlParameter { Value = oids.ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid } },
        };
        var names = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            names.Add(reader.GetString(0));
        return names;
    }
}
