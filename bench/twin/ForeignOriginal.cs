using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Bench.Twin;

/// <summary>A database with real rows on a server that the benchmark does not run, owned by an ordinary role; both are dropped on disposal.</summary>
internal sealed class ForeignOriginal : IAsyncDisposable
{
    private readonly string server;
    private readonly string name = $"agenthost_bench_{Guid.NewGuid():N}";

    private ForeignOriginal(string server) => this.server = server;

    /// <summary>As its owner.</summary>
    public string Address => new NpgsqlConnectionStringBuilder(server) { Database = name, Username = name, Password = name, Pooling = false }.ConnectionString;

    /// <summary>How many statements of the script the server's version did not take.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>Runs those statements of the script that the version knows, then VACUUM and ANALYZE.</summary>
    public static async Task<ForeignOriginal> MakeAsync(string server, string script)
    {
        var made = new ForeignOriginal(server);
        await made.AsSuperuserAsync(null, $"create role {made.name} login password '{made.name}'", $"create database {made.name} owner {made.name} template template0");
        // Not every version lets a database's owner install them.
        await made.AsSuperuserAsync(made.name, "create extension pg_trgm", "create extension btree_gist");
        await using var connection = await made.OpenAsync();
        foreach (var statement in SqlParser.Parse(script) is var parsed ? parsed.Statements : [])
        {
            var sql = parsed.TextOf(statement);
            try
            {
                await MadeDatabase.RunAsync(connection, sql.Replace("CREATE EXTENSION", "CREATE EXTENSION IF NOT EXISTS", StringComparison.Ordinal));
            }
            catch (PostgresException e)
            {
                made.Refused.Add($"{e.MessageText}: {sql.ReplaceLineEndings(" ")[..Math.Min(120, sql.Length)]}");
            }
        }

        await MadeDatabase.RunAsync(connection, "vacuum analyze");
        return made;
    }

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(Address);
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync() => await AsSuperuserAsync(null, $"drop database {name}", $"drop role {name}");

    private async Task AsSuperuserAsync(string? database, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Database = database ?? new NpgsqlConnectionStringBuilder(server).Database, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        foreach (var sql in statements)
            await MadeDatabase.RunAsync(connection, sql);
    }
}
