using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Twins;

/// <summary>
/// A database on the private server that is planned like another one: its schema without its rows, its statistics, its sizes (the files are sparse), its planner's settings.
/// EXPLAIN gives the original's plans at the original's prices; what is run finds no rows. HypoPG is installed.
/// </summary>
public sealed class Twin : IAsyncDisposable
{
    /// <summary>The private server's version, whose planner a twin has.</summary>
    private const int PlannerVersion = 17;

    private readonly RedactedConstants? redacted;

    private Twin(ScratchDatabase database, CatalogSnapshot snapshot, ImmutableArray<string> notes) =>
        (Database, Snapshot, Notes, redacted) = (database, snapshot, notes, RedactedConstants.Of(snapshot));

    /// <summary>The database.</summary>
    public ScratchDatabase Database { get; }

    /// <summary>What it was made from.</summary>
    public CatalogSnapshot Snapshot { get; }

    /// <summary>What is not as in the original, for people; with what the snapshot itself lacks.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>Makes a twin.</summary>
    /// <exception cref="PostgresUnavailableException">The private server has died and does not start again.</exception>
    /// <exception cref="SqlInputException">The snapshot's schema cannot be parsed.</exception>
    public static async Task<Twin> LoadAsync(PrivateServer server, CatalogSnapshot snapshot, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(snapshot);
        var database = await server.CreateScratchAsync(TwinLocale.Options(snapshot.Locale), ct);
        try
        {
            var notes = snapshot.Notes.AddRange(await new TwinSchema(database).ApplyAsync(snapshot.Ddl, ct));
            await database.ExecuteAsync("create extension if not exists hypopg", ct);
            notes = notes.AddRange(await new TwinStatistics(database, snapshot).ApplyAsync(ct));
            // Pages that the server still holds would hide what is written to the files: a copy has none.
            await database.RenewAsync(ct);
            await TwinSettings.ApplyAsync(database, snapshot, ct);
            await TwinFiles.GrowAsync(database, snapshot, ct);
            if (snapshot is { RedactionCheck: not null, RedactionKey: null })
                notes = notes.Add("Redacted, and its key is not there: no constant of a query is known to be a common value, and patterns, words and parts of documents are priced by the planner's defaults.");
            if (snapshot.MajorVersion > PlannerVersion)
                notes = notes.Add($"Planned by version {PlannerVersion.ToString(CultureInfo.InvariantCulture)}: what later planners came to do is not priced, skip scans above all, by which an index serves queries that do not name its first column.");
            return new Twin(database, snapshot, notes);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>How a statement is planned, as <c>EXPLAIN (FORMAT JSON, VERBOSE, SETTINGS)</c> tells it; with parameters ($1) its generic plan.</summary>
    /// <param name="sql">One statement that EXPLAIN takes.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="PostgresException">The planner refuses it.</exception>
    public async Task<string> ExplainJsonAsync(string sql, CancellationToken ct = default)
    {
        await using var open = await OpenAsync(ct);
        await using var transaction = await open.BeginTransactionAsync(ct);
        return await GenericPlan.ExplainAsync(open, await TranslateAsync(sql, ct), "FORMAT JSON, VERBOSE, SETTINGS", ct);
    }

    /// <summary>Opens a connection as the owner, which is no superuser.</summary>
    public Task<NpgsqlConnection> OpenAsync(CancellationToken ct = default) => Database.OpenAsync(ct);

    /// <summary>Whether it is of a redacted snapshot whose key is there: <see cref="TranslateAsync"/> then gives other texts.</summary>
    public bool HasSurrogates => redacted is not null;

    /// <summary>A query as it is to be planned here: of a redacted snapshot with surrogates for its constants, else as it is.</summary>
    /// <exception cref="SqlInputException">It does not parse, or is not one statement.</exception>
    public async Task<string> TranslateAsync(string sql, CancellationToken ct = default)
    {
        if (redacted is null)
            return sql;
        await using var open = await OpenAsync(ct);
        return await redacted.ReplaceAsync(sql, open, ct);
    }

    /// <summary>Makes an index that is real and sparse, as the original's are: every session's planner sees it, unless HypoPG hides it there.</summary>
    /// <param name="createIndex">The statement, not CONCURRENTLY, with the index's name.</param>
    /// <param name="pages">How large it is to be.</param>
    /// <param name="rows">How many entries it is to have.</param>
    /// <param name="expressions">What is known of its expressions, by the names of its columns in <c>pg_attribute</c> or, where those are not known, in their order.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="PostgresException">The private server refuses the statement.</exception>
    /// <exception cref="ArgumentException">It is no CREATE INDEX, or made none.</exception>
    public async Task<StagedIndex> StageIndexAsync(string createIndex, long pages, double rows, ImmutableArray<ColumnStatistics> expressions = default, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(createIndex);
        return await new IndexStaging(this).StageAsync(createIndex, pages, rows, expressions.IsDefault ? [] : expressions, ct);
    }

    /// <summary>Drops the database.</summary>
    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

/// <summary>An index that stands in a twin for one that might be.</summary>
/// <param name="Oid">Its number, by which HypoPG hides and shows it.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name, as plans call it.</param>
public sealed record StagedIndex(uint Oid, string Schema, string Name)
{
    /// <summary>The numbers of all that were made: of a partitioned table one for each partition.</summary>
    public ImmutableArray<uint> Parts { get; init; } = [];
}
