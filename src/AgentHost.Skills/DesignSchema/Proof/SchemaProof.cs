using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Skills.DesignSchema.Physical;
using Npgsql;

namespace AgentHost.Skills.DesignSchema.Proof;

/// <summary>Runs a design on a scratch database: up, down, up again, its access patterns and its isolation.</summary>
internal static class SchemaProof
{
    /// <summary>Long enough for 300 tables on a busy machine; short enough that a hostile default cannot hang a caller.</summary>
    private const string SessionLimits = "SET statement_timeout = '60s'; SET lock_timeout = '10s'; SET client_min_messages = error; ";

    /// <exception cref="SkillInputException">A step failed; the message says which, with PostgreSQL's own words.</exception>
    public static async Task<DesignProof> RunAsync(PhysicalSchema schema, string up, string down, int pgVersion, DecisionLog log, IProgress<string>? progress, CancellationToken ct)
    {
        var server = await PrivateServer.ConnectAsync(ct);
        return await server.UseScratchAsync(scratch => RunAsync(scratch, schema, up, down, pgVersion, log, progress, ct), ct);
    }

    private static async Task<DesignProof> RunAsync(
        ScratchDatabase scratch, PhysicalSchema schema, string up, string down, int pgVersion, DecisionLog log, IProgress<string>? progress, CancellationToken ct)
    {
        var version = await VersionAsync(scratch, ct);
        if (schema.UsesUuidFunction && pgVersion >= 18 && version.Major < 18)
        {
            await scratch.ExecuteAsync("CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT gen_random_uuid()'", ct);
            log.Warn($"proven on {version.Name} with a stand-in for uuidv7(), which is built in from 18 on");
        }
        var before = await scratch.DumpSchemaAsync(ct);
        progress?.Report("up");
        await StepAsync(scratch, "the up migration", up, ct);
        var first = await scratch.DumpSchemaAsync(ct);
        progress?.Report("down");
        await StepAsync(scratch, "the down migration", down, ct);
        Compare("the down migration does not restore the catalog", before, await scratch.DumpSchemaAsync(ct));
        progress?.Report("up again");
        await StepAsync(scratch, "the up migration, run again after down,", up, ct);
        Compare("the up migration run again gives another catalog than the first time", first, await scratch.DumpSchemaAsync(ct));

        await using var connection = await scratch.OpenAsync(ct);
        await using (var limits = new NpgsqlCommand(SessionLimits, connection))
            await limits.ExecuteNonQueryAsync(ct);
        progress?.Report("access patterns");
        var patterns = ImmutableArray.CreateBuilder<AccessPatternProof>();
        foreach (var pattern in schema.Patterns)
            patterns.Add(await PatternProof.RunAsync(connection, pattern, schema[pattern.Table], log, ct));
        progress?.Report("isolation");
        var isolation = schema.Tenant is null ? null : await TenantAttack.RunAsync(connection, schema, ct);
        return new DesignProof(version.Name, Up: true, Down: true, UpAgain: true, patterns.ToImmutable(), isolation);
    }

    private static async Task StepAsync(ScratchDatabase scratch, string step, string sql, CancellationToken ct)
    {
        try
        {
            await scratch.ExecuteAsync($"BEGIN; {SessionLimits.Replace("SET ", "SET LOCAL ", StringComparison.Ordinal)}\n{sql}\nCOMMIT;", ct);
        }
        catch (PostgresException e) when (!e.SqlState.StartsWith("57P", StringComparison.Ordinal)) // 57P: the server goes away, which says nothing of the design
        {
            throw Refused($"{step} failed", e);
        }
    }

    /// <summary>An error for the caller in PostgreSQL's own words.</summary>
    public static SkillInputException Refused(string what, PostgresException e)
    {
        var detail = string.Join(". ", new[] { e.Detail, e.Hint, e.ConstraintName is null ? null : $"constraint {e.ConstraintName}", e.Where?.Split('\n')[0] }.Where(t => !string.IsNullOrEmpty(t)));
        return new SkillInputException($"The design was not proven, so it is not shown: {what}: {e.MessageText} (SQLSTATE {e.SqlState}){(detail.Length > 0 ? $". {detail}" : "")}", e);
    }

    private static void Compare(string what, string expected, string actual)
    {
        if (expected == actual)
            return;
        var was = expected.Split('\n');
        var now = actual.Split('\n');
        var lost = was.Except(now, StringComparer.Ordinal).Take(3).Select(l => $"- {l}");
        var come = now.Except(was, StringComparer.Ordinal).Take(3).Select(l => $"+ {l}");
        throw new SkillInputException($"The design was not proven, so it is not shown: {what}:\n{string.Join('\n', lost.Concat(come))}");
    }

    private static async Task<(string Name, int Major)> VersionAsync(ScratchDatabase scratch, CancellationToken ct)
    {
        await using var connection = await scratch.OpenAsync(ct);
        var version = connection.PostgreSqlVersion;
        return ($"PostgreSQL {version.Major}.{version.Minor}", version.Major);
    }
}
