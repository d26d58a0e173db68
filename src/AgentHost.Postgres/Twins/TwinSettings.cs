using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Twins;

/// <summary>Gives a twin's database the settings of the original that its planner reads.</summary>
internal static partial class TwinSettings
{
    /// <summary>Settings that would change what planning does here, not what it says: nothing is compiled, and a twin must not wait for ever.</summary>
    private static readonly ImmutableArray<string> Own = ["jit", "jit_above_cost", "jit_inline_above_cost", "jit_optimize_above_cost", "jit_provider", "debug_parallel_query", "force_parallel_mode"];

    /// <summary>What planners came to do after version 12, with the version and the value that takes it away again: an older original's planner does not.</summary>
    private static readonly ImmutableArray<(int Since, string Name, string Without)> Later =
    [
        (13, "enable_incremental_sort", "off"), (14, "enable_memoize", "off"), (16, "enable_presorted_aggregate", "off"), (17, "enable_group_by_reordering", "off"),
    ];

    /// <summary>What of the settings may be set for a database, and stands in the snapshot because the planner goes by it.</summary>
    private const string Known =
        """
        select name::text from pg_catalog.pg_settings
        where context in ('user', 'superuser') and (category like 'Query Tuning%' or name in ('work_mem', 'hash_mem_multiplier', 'max_parallel_workers_per_gather', 'max_parallel_workers', 'parallel_leader_participation', 'effective_io_concurrency', 'TimeZone'))
        """;

    public static async Task ApplyAsync(ScratchDatabase database, CatalogSnapshot snapshot, CancellationToken ct)
    {
        await using var superuser = await database.OpenSuperuserAsync(ct);
        var known = new List<string>();
        await using (var find = new NpgsqlCommand(Known, superuser))
        await using (var reader = await find.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                known.Add(reader.GetString(0));
        }

        var settings = known.Except(Own).Where(snapshot.Settings.ContainsKey).Order(StringComparer.Ordinal).Select(name => (Name: name, Value: snapshot.Settings[name]));
        var written = settings.Select(s => $"{SqlIdentifier.Quote(s.Name)} = '{s.Value.Replace("'", "''", StringComparison.Ordinal)}'");
        written = written.Concat(Later.Where(l => snapshot.MajorVersion < l.Since && !snapshot.Settings.ContainsKey(l.Name)).Select(l => $"{l.Name} = {l.Without}"));
        if (snapshot.RedactionCheck is not null)
            written = written.Append("default_text_search_config = 'pg_catalog.simple'"); // surrogates of words have no endings
        if (SearchPath().Match(snapshot.Ddl) is { Success: true } path)
            written = written.Append($"search_path = {path.Groups["path"].Value}");
        foreach (var setting in written)
        {
            await using var set = new NpgsqlCommand($"alter database {SqlIdentifier.Quote(database.Name)} set {setting}", superuser);
            await set.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Where names are looked up, if not as usual, stands at the end of a schema as it was read.</summary>
    [GeneratedRegex(@";\nSET search_path = (?<path>[^;']+);\n\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SearchPath();
}
