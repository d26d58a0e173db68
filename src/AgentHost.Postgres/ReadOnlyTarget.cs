using Npgsql;

namespace AgentHost.Postgres;

/// <summary>
/// A user's database. It cannot be written through here: the session's default is read-only, every piece of work runs in a READ ONLY
/// transaction that is rolled back, waits are bounded, and of a user's SQL only single reads pass. Safe for concurrent use.
/// </summary>
public sealed class ReadOnlyTarget : IAsyncDisposable
{
    private readonly TargetConnection connection;
    private readonly TargetTimeouts timeouts;
    private readonly NpgsqlDataSource source;

    private ReadOnlyTarget(TargetConnection connection, TargetTimeouts timeouts, NpgsqlDataSource source, int serverVersionNum)
    {
        this.connection = connection;
        this.timeouts = timeouts;
        this.source = source;
        ServerVersionNum = serverVersionNum;
    }

    /// <summary>The name the user knows the database by.</summary>
    public string Name => connection.Name;

    /// <summary>The server's <c>server_version_num</c>: 170011 for 17.11.</summary>
    public int ServerVersionNum { get; }

    /// <summary>Connects, and sees to it that the session cannot write.</summary>
    /// <param name="name">What messages call the database.</param>
    /// <param name="connectionString">An Npgsql keyword string or a <c>postgres://</c> URL.</param>
    /// <param name="timeouts"><see cref="TargetTimeouts.Default"/> where null.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="PostgresUnavailableException">It cannot be read or reached; the message holds no secret.</exception>
    public static async Task<ReadOnlyTarget> ConnectAsync(string name, string connectionString, TargetTimeouts? timeouts = null, CancellationToken ct = default)
    {
        timeouts ??= TargetTimeouts.Default;
        var target = TargetConnection.Parse(name, connectionString);
        var given = target.Builder;
        var userOptions = given.Options;
        given.Timeout = Math.Clamp((int)Math.Ceiling(timeouts.Connect.TotalSeconds), 1, 1024);
        given.CommandTimeout = (int)Math.Ceiling(timeouts.Statement.TotalSeconds) + 5; // the server's own timeout comes first
        given.ApplicationName ??= "agenthost";
        given.MaxPoolSize = 4;
        given.MinPoolSize = 0;
        given.Enlist = false;
        given.IncludeErrorDetail = false; // details quote rows
        given.Options = $"{userOptions} {string.Join(' ', timeouts.Settings.Select(setting => $"-c {setting.Name}={setting.Value}"))}".Trim();
        if (await OpenAsync(target, timeouts, poolerMayRefuse: true, ct) is { } open)
            return open;
        // A connection pooler (PgBouncer) takes no options at the start; every transaction sets them for itself, too.
        given.Options = userOptions;
        return (await OpenAsync(target, timeouts, poolerMayRefuse: false, ct))!;
    }

    /// <summary>Runs one of our own reads, such as of the catalog, and gives its rows by column name; SQL null is null.</summary>
    /// <param name="sql">One statement with <c>@name</c> parameters. Never a user's text.</param>
    /// <param name="parameters">Their values.</param>
    /// <param name="ct">Cancels it on the server.</param>
    /// <exception cref="PostgresUnavailableException">The database went away, took too long, or refuses the read.</exception>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> QueryAsync(
        string sql, IReadOnlyDictionary<string, object?>? parameters = null, CancellationToken ct = default)
    {
        try
        {
            return await RunAsync(source, open => ReadAsync(open, sql, parameters, ct), ct);
        }
        catch (PostgresException e)
        {
            throw connection.Unavailable(e);
        }
    }

    /// <summary>The plan of a user's statement as <c>EXPLAIN (FORMAT JSON)</c> gives it with all that the server's version can tell (<see cref="ExplainOptions"/>).</summary>
    /// <param name="userSql">One read; parameters are written $1, $2, … and get a generic plan (server version 12 on).</param>
    /// <param name="analyze">Also execute it, within the target's statement timeout.</param>
    /// <param name="ct">Cancels it on the server.</param>
    /// <exception cref="AgentHost.Sql.SqlInputException">The text is not SQL.</exception>
    /// <exception cref="TargetRefusedException">It is not a single read, its planning or execution could act beyond a transaction, or the database does not accept it.</exception>
    /// <exception cref="PostgresUnavailableException">The database went away or took too long.</exception>
    public async Task<string> ExplainJsonAsync(string userSql, bool analyze, CancellationToken ct = default)
    {
        var read = StatementGate.Admit(userSql);
        var generic = !analyze && HasParameter(read);
        if (generic && ServerVersionNum < 12_00_00)
        {
            throw new TargetRefusedException(
                $"The statement has parameters ($1), and '{Name}' is a PostgreSQL {ServerVersionNum / 10000}, which plans those only from 12 on. Write typical values in their place.");
        }

        return await RunAsync(source, open => ExplainAsync(open, read, ExplainOptions.For(ServerVersionNum, analyze), analyze, generic, ct), ct);
    }

    /// <summary>
    /// Runs work in a READ ONLY transaction on a connection of its own, and rolls it back. Whatever the session holds besides (HypoPG's
    /// hypothetical indexes) ends with it.
    /// </summary>
    /// <exception cref="PostgresException">A statement of the work fails for a reason of its own.</exception>
    /// <exception cref="PostgresUnavailableException">The database went away or took too long.</exception>
    public async Task<T> InTransactionAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct = default)
    {
        await using var own = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection.Builder.ConnectionString) { Pooling = false });
        return await RunAsync(own, work, ct);
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>Opens the first connection; null where a pooler refuses the options and that was to be reckoned with.</summary>
    private static async Task<ReadOnlyTarget?> OpenAsync(TargetConnection target, TargetTimeouts timeouts, bool poolerMayRefuse, CancellationToken ct)
    {
        NpgsqlDataSource? connections = null;
        ReadOnlyTarget? opened = null;
        try
        {
            connections = NpgsqlDataSource.Create(target.Builder);
            await using var command = connections.CreateCommand("select current_setting('server_version_num')::int");
            return opened = new ReadOnlyTarget(target, timeouts, connections, (int)(await command.ExecuteScalarAsync(ct))!);
        }
        catch (PostgresException e) when (poolerMayRefuse && e.SqlState is (PostgresErrorCodes.ProtocolViolation or PostgresErrorCodes.FeatureNotSupported))
        {
            return null;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && (e is PostgresException || IsUnavailable(e, ct)))
        {
            throw target.Unavailable(e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException or IOException)
        {
            throw TargetConnection.Unreadable(target.Name, "its settings do not fit together (a certificate that is not there, a mode that excludes another)");
        }
        finally
        {
            if (opened is null && connections is not null)
                await connections.DisposeAsync();
        }
    }

    private async Task<T> RunAsync<T>(NpgsqlDataSource from, Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        try
        {
            await using var open = await from.OpenConnectionAsync(ct);
            var local = string.Concat(timeouts.Settings.Select(setting => $"; set local {setting.Name} = {setting.Value}"));
            // The query at the end takes a snapshot, behind which PostgreSQL lets no transaction become one that writes.
            await using (var begin = new NpgsqlCommand($"begin transaction read only{local}; select 1", open))
                await begin.ExecuteNonQueryAsync(ct);
            try
            {
                return await work(open);
            }
            finally
            {
                if (open.State == System.Data.ConnectionState.Open)
                {
                    await using var rollback = new NpgsqlCommand("rollback", open);
                    await rollback.ExecuteNonQueryAsync(CancellationToken.None);
                }
            }
        }
        catch (Exception e) when (IsUnavailable(e, ct))
        {
            throw connection.Unavailable(e);
        }
    }

    private async Task<string> ExplainAsync(NpgsqlConnection open, string sql, string options, bool analyze, bool generic, CancellationToken ct)
    {
        try
        {
            await StatementGate.AdmitCodeAsync(open, sql, analyze, ct);
            return generic ? await GenericPlan.ExplainAsync(open, sql, options, ct) : await ExplainAsync(open, $"EXPLAIN ({options}) {sql}", ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedParameter or PostgresErrorCodes.ProtocolViolation)
        {
            throw new TargetRefusedException("EXPLAIN ANALYZE executes the statement and so needs values in place of its parameters ($1). Write typical values, or leave ANALYZE out.");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            throw new TargetRefusedException($"The statement tried to write: {connection.Redact(e.MessageText)}. Nothing was changed.");
        }
        catch (PostgresException e) when (!IsOperational(e.SqlState))
        {
            var hint = string.IsNullOrEmpty(e.Hint) ? "" : $" ({connection.Redact(e.Hint)})";
            throw new TargetRefusedException($"'{Name}' does not accept the statement: {connection.Redact(e.MessageText)}{hint}.");
        }
    }

    private static async Task<string> ExplainAsync(NpgsqlConnection open, string explain, CancellationToken ct)
    {
        // A batch takes exactly one statement a command, whatever Npgsql's own reading of the text may be.
        await using var batch = new NpgsqlBatch(open) { BatchCommands = { new NpgsqlBatchCommand(explain) } };
        return (string)(await batch.ExecuteScalarAsync(ct))!;
    }

    private static async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> ReadAsync(
        NpgsqlConnection open, string sql, IReadOnlyDictionary<string, object?>? parameters, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, open);
        foreach (var (name, value) in parameters ?? new Dictionary<string, object?>(StringComparer.Ordinal))
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        while (await reader.ReadAsync(ct))
        {
            var row = new Dictionary<string, object?>(reader.FieldCount, StringComparer.Ordinal);
            for (var i = 0; i < reader.FieldCount; i++)
                row[reader.GetName(i)] = await reader.IsDBNullAsync(i, ct) ? null : reader.GetValue(i);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Failures of the server or the way to it, as opposed to of a statement.</summary>
    private static bool IsOperational(string state) =>
        state is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable || state[..2] is "08" or "28" or "3D" or "53" or "57" or "58" or "XX";

    private static bool IsUnavailable(Exception e, CancellationToken ct) =>
        !ct.IsCancellationRequested && !(e is PostgresException { SqlState: var state } && !IsOperational(state))
        && (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or OperationCanceledException);

    /// <summary>Whether a <c>$1</c> may stand in the text; one within a string does no harm, a plan without parameters is its own generic plan.</summary>
    private static bool HasParameter(string sql) => sql.Zip(sql.Skip(1)).Any(pair => pair is ('$', >= '1' and <= '9'));
}
