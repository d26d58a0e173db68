using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Bench.Index;

/// <summary>Carries out an advice, measures the workload, and undoes both.</summary>
internal sealed partial class Trial(MadeDatabase database, WorkloadFiles files, bool quick)
{
    private const string OwnIndexes = """
        select coalesce(json_agg(json_build_object('Name', c.relname, 'Definition', pg_get_indexdef(c.oid), 'Bytes', pg_relation_size(c.oid), 'IsCovered', exists (
            select from pg_index as o join pg_class as oc on oc.oid = o.indexrelid
            where o.indrelid = i.indrelid and o.indexrelid <> i.indexrelid and oc.relam = c.relam and c.relam = 403 and i.indpred::text is not distinct from o.indpred::text
                and (o.indkey::text || ' ') like (i.indkey::text || ' %') and i.indexprs is null and o.indexprs is null)) order by c.relname), '[]')::text
        from pg_index as i join pg_class as c on c.oid = i.indexrelid join pg_namespace as n on n.oid = c.relnamespace and n.nspname not in ('pg_catalog', 'pg_toast')
        """;

    /// <summary>Measures the advice; then, on demand, what each index is worth.</summary>
    public async Task<(Measured Measured, ImmutableArray<string> Ablation)> RunAsync(Advice advice, bool ablate = false)
    {
        await using var connection = await database.Scratch.OpenAsync();
        await MadeDatabase.RunAsync(connection, "set max_parallel_maintenance_workers = 0");
        var before = await IndexesAsync(connection);
        foreach (var drop in advice.Drop)
            await MadeDatabase.RunAsync(connection, $"drop index {SqlIdentifier.Quote(drop)}");
        // Committed: with wal_level = minimal, what is made in a transaction writes no log in it.
        foreach (var create in advice.Create)
            await TryAsync(connection, Concurrently().Replace(create, ""));
        await MadeDatabase.RunAsync(connection, "vacuum analyze");
        var made = (await IndexesAsync(connection)).Where(index => before.All(old => old.Name != index.Name)).ToImmutableArray();

        await MadeDatabase.RunAsync(connection, "begin");
        var measured = await MeasureAsync(connection, advice, made);
        var ablation = ablate ? await new Ablation(connection, measured).RunAsync() : [];
        await MadeDatabase.RunAsync(connection, "rollback");

        foreach (var index in made)
            await MadeDatabase.RunAsync(connection, $"drop index {SqlIdentifier.Quote(index.Name)}");
        foreach (var dropped in before.Where(index => advice.Drop.Contains(index.Name)))
            await MadeDatabase.RunAsync(connection, dropped.Definition);
        return (measured, ablation);
    }

    // An advice that cannot be carried out is the advisor's fault, told and not built.
    private async Task TryAsync(NpgsqlConnection connection, string create)
    {
        try
        {
            await MadeDatabase.RunAsync(connection, create);
        }
        catch (PostgresException refused)
        {
            Console.WriteLine($"  {files.Name}: REFUSED {create}: {refused.MessageText}");
        }
    }

    private async Task<Measured> MeasureAsync(NpgsqlConnection connection, Advice advice, ImmutableArray<MadeIndex> made)
    {
        var given = ImmutableDictionary.CreateBuilder<string, ReadTiming>();
        var aside = ImmutableDictionary.CreateBuilder<string, ReadTiming>();
        foreach (var (one, other) in files.Given.Zip(files.Aside).Where(pair => WorkloadFiles.IsRead(pair.First)))
        {
            given[one.Name] = await ReadTiming.MeasureAsync(connection, one, quick);
            if (!quick)
                aside[one.Name] = await ReadTiming.MeasureAsync(connection, other);
        }
        var writes = ImmutableDictionary.CreateBuilder<string, WriteTiming>();
        foreach (var write in files.Writes)
            writes[write.Name] = await WriteTiming.MeasureAsync(connection, write);
        return new Measured(files, advice, given.ToImmutable(), aside.ToImmutable(), writes.ToImmutable(), made);
    }

    private static async Task<ImmutableArray<MadeIndex>> IndexesAsync(NpgsqlConnection connection) =>
        JsonSerializer.Deserialize<ImmutableArray<MadeIndex>>((await MadeDatabase.ScalarAsync(connection, OwnIndexes))!);

    [GeneratedRegex(@"\bconcurrently\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Concurrently();
}
