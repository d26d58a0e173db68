using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Statements;
using Npgsql;

namespace AgentHost.Postgres.Twins;

/// <summary>
/// Makes a schema in an empty database, as far as our server can: what the planner does not need (rights, policies) is left out, a type of an extension that is
/// not to be had becomes a domain over text, and what then still fails is told.
/// </summary>
internal sealed partial class TwinSchema(ScratchDatabase database)
{
    private const int MostNotes = 20, BatchSize = 200;
    private readonly List<string> notes = [];
    private readonly HashSet<string> stubs = new(StringComparer.Ordinal);

    /// <summary>Makes it and tells what is not as in the original.</summary>
    public async Task<ImmutableArray<string>> ApplyAsync(string ddl, CancellationToken ct)
    {
        var script = SqlParser.Parse(ddl);
        var statements = Enumerable.Range(0, script.Statements.Length).Where(i => IsPlanned(script, script.Statements[i])).ToList();
        await using var connection = await database.OpenAsync(ct);
        if (!await TryAllAsync(connection, script, statements, ct))
        {
            foreach (var i in statements)
                await ApplyAsync(connection, script, i, ct);
        }

        if (stubs.Count > 0)
            notes.Insert(0, $"Stood in for by text, since their extensions are not on the private server: the types {string.Join(", ", stubs.Order(StringComparer.Ordinal))}. Conditions on them are priced by guesses.");
        return notes.Count <= MostNotes ? [.. notes] : [.. notes.Take(MostNotes), $"… and {notes.Count - MostNotes} statements more that the private server does not take."];
    }

    // Rights and policies are about roles, and a twin is read by its owner alone; rows it has none.
    private static bool IsPlanned(Script script, Statement statement) => statement switch
    {
        Grant or CreatePolicy or TransactionControl => false,
        RowStatement { ModifiesRows: true } or RowStatement { Verb: not RowVerb.Select } or OtherStatement { Kind: "CopyStmt" } => false,
        OtherStatement { Kind: "GrantRoleStmt" or "AlterDefaultPrivilegesStmt" or "CreateRoleStmt" or "AlterOwnerStmt" or "CommentStmt" } => false,
        OtherStatement { Kind: "CreateExtensionStmt" } => !Watchers().IsMatch(script.TextOf(statement)),
        AlterTable alter => !alter.Actions.Any(action => action is OtherAction { Kind: var kind } && kind.Contains("RowSecurity", StringComparison.OrdinalIgnoreCase)),
        _ => true,
    };

    // All at once is several times faster, and the rule.
    private static async Task<bool> TryAllAsync(NpgsqlConnection connection, Script script, List<int> statements, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            foreach (var part in statements.Chunk(BatchSize))
            {
                await using var batch = new NpgsqlBatch(connection);
                foreach (var i in part)
                    batch.BatchCommands.Add(new NpgsqlBatchCommand(script.TextOf(script.Statements[i])));
                await batch.ExecuteNonQueryAsync(ct);
            }

            await transaction.CommitAsync(ct);
            return true;
        }
        catch (PostgresException)
        {
            await transaction.RollbackAsync(ct);
            return false;
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Script script, int index, CancellationToken ct)
    {
        const int MostAttempts = 20;
        var sql = Shortened(script.TextOf(script.Statements[index]));
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            try
            {
                await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true, Parameters = { new NpgsqlParameter<int> { TypedValue = 0 } } };
                await command.ExecuteNonQueryAsync(ct);
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedObject && MissingType().Match(e.MessageText) is { Success: true } missing && stubs.Add(missing.Groups["type"].Value))
            {
                await StubAsync(connection, missing.Groups["type"].Value, ct);
                sql = Shortened(sql);
            }
            catch (PostgresException e)
            {
                notes.Add($"Left out, {e.MessageText}: {OneLine(sql)}");
                return;
            }
        }
    }

    private static async Task StubAsync(NpgsqlConnection connection, string type, CancellationToken ct)
    {
        var parts = type.Split('.', 2);
        var schema = parts.Length == 2 ? $"create schema if not exists {SqlIdentifier.Quote(parts[0])}; " : "";
        var name = parts.Length == 2 ? $"{SqlIdentifier.Quote(parts[0])}.{SqlIdentifier.Quote(parts[1])}" : SqlIdentifier.Quote(type);
        await using var command = new NpgsqlCommand($"{schema}create domain {name} as text", connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    // A domain takes no modifier: geometry(Point,4326) becomes geometry.
    private string Shortened(string sql) =>
        stubs.Aggregate(sql, (text, type) => Regex.Replace(text, $@"(?<={Regex.Escape(type.Split('.')[^1])}""?)\([^()]*\)", "", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));

    private static string OneLine(string sql)
    {
        const int Most = 90;
        var line = Blanks().Replace(sql, " ");
        return line.Length <= Most ? line : line[..Most] + "…";
    }

    [GeneratedRegex("^type \"(?<type>[^\"]+)\" does not exist$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex MissingType();

    /// <summary>Extensions that only watch a server, and want rights that nobody here has.</summary>
    [GeneratedRegex(@"\b(pg_stat_statements|pg_buffercache|pageinspect|pgstattuple|pg_visibility|auto_explain|hypopg)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Watchers();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blanks();
}
