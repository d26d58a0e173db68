using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentHost.Postgres.Catalog;

/// <summary>A database without its rows, as its catalogs tell it at one moment: what it is made of, how large it is and how busy.</summary>
/// <param name="ServerVersionNum">The server's <c>server_version_num</c>: 170011 for 17.11.</param>
/// <param name="Ddl">SQL that makes the same schema in an empty database, in an order that runs.</param>
/// <param name="Relations">The figures of every table, partitioned table and materialized view, with those of their indexes.</param>
public sealed record CatalogSnapshot(int ServerVersionNum, string Ddl, ImmutableArray<RelationFigures> Relations)
{
    /// <summary>When it was read, by the server's clock.</summary>
    public DateTimeOffset TakenAt { get; init; }

    /// <summary>The database's name.</summary>
    public string Database { get; init; } = "";

    /// <summary>How the database orders text.</summary>
    public DatabaseLocale? Locale { get; init; }

    /// <summary>The settings that the planner reads, and a few that decide how fast maintenance is, as <c>pg_settings</c> writes them.</summary>
    public ImmutableSortedDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Since when the counters of <see cref="RelationFigures"/> count; null where the server does not tell.</summary>
    public DateTimeOffset? CountersSince { get; init; }

    /// <summary>What ANALYZE knows of several columns together.</summary>
    public ImmutableArray<ExtendedStatistics> ExtendedStatistics { get; init; } = [];

    /// <summary>What ran, the longest in all first; empty where <c>pg_stat_statements</c> is not there or not readable.</summary>
    public ImmutableArray<StatementFigures> Statements { get; init; } = [];

    /// <summary>Of a redacted snapshot: the key with which its values were replaced, without which a query's constants are not found among them. No part of its file.</summary>
    [JsonIgnore]
    public string? RedactionKey { get; init; }

    /// <summary>Of a redacted snapshot: by what its key is known; else null.</summary>
    public string? RedactionCheck { get; init; }

    /// <summary>Of a redacted snapshot: the surrogates of common values, by the hash of the value.</summary>
    public ImmutableSortedDictionary<string, string> Surrogates { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Transactions that were open for a while, longest first; only those that the role may see.</summary>
    public ImmutableArray<OpenTransaction> OpenTransactions { get; init; } = [];

    /// <summary>How many sessions the role may not look into, so that <see cref="OpenTransactions"/> may lack some.</summary>
    public int HiddenSessions { get; init; }

    /// <summary>What was not read and why, for people.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The major version: 17.</summary>
    public int MajorVersion => ServerVersionNum / 10000;
}

/// <summary>How large and how busy a relation is. All figures are the server's estimates: no file is looked at and no row is counted.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>r</c> a table, <c>p</c> a partitioned one, <c>m</c> a materialized view (<c>pg_class.relkind</c>).</param>
public sealed record RelationFigures(string Schema, string Name, char Kind)
{
    /// <summary>Rows as of the last VACUUM or ANALYZE; null where there was none.</summary>
    public double? Rows { get; init; }

    /// <summary>Pages of its heap as of then.</summary>
    public int Pages { get; init; }

    /// <summary>Pages of its heap at the moment; null where it was locked, and in files of version 1. The planner goes by these.</summary>
    public long? CurrentPages { get; init; }

    /// <summary>Pages whose rows all see, which decide about index-only scans.</summary>
    public int AllVisiblePages { get; init; }

    /// <summary>Pages of its TOAST table and that one's index.</summary>
    public int ToastPages { get; init; }

    /// <summary>The partitioned table that it is a partition of, as <c>schema.name</c> without quotes; null where it is none.</summary>
    public string? ParentSchema { get; init; }

    /// <summary>The name of that table.</summary>
    public string? ParentName { get; init; }

    /// <summary>Its indexes.</summary>
    public ImmutableArray<IndexFigures> Indexes { get; init; } = [];

    /// <summary>What ANALYZE knows of its columns; empty where it never ran or the role may not see it.</summary>
    public ImmutableArray<ColumnStatistics> Statistics { get; init; } = [];

    /// <summary>What happened to it since <see cref="CatalogSnapshot.CountersSince"/>.</summary>
    public RelationCounters Counters { get; init; } = new();
}

/// <summary>How large an index is.</summary>
/// <param name="Name">Its name; it lies in the schema of its relation.</param>
/// <param name="Pages">Its pages as of the last VACUUM or ANALYZE.</param>
/// <param name="Rows">Its entries as of then; null where that is not known.</param>
/// <param name="IsValid">False for what a concurrent build left behind that failed.</param>
/// <param name="Scans">How often it was read since <see cref="CatalogSnapshot.CountersSince"/>.</param>
public sealed record IndexFigures(string Name, int Pages, double? Rows, bool IsValid, long Scans)
{
    /// <summary>Its pages at the moment; null where it was locked, and in files of version 1.</summary>
    public long? CurrentPages { get; init; }

    /// <summary>Whether a foreign key rests on its uniqueness, so that it cannot go; null where nobody looked.</summary>
    public bool? IsReferenced { get; init; }

    /// <summary>What ANALYZE knows of its expressions.</summary>
    public ImmutableArray<ColumnStatistics> Statistics { get; init; } = [];
}

/// <summary>A relation's row in <c>pg_stat_user_tables</c> (manual, 27.2.18).</summary>
public sealed record RelationCounters
{
    /// <summary>Sequential scans.</summary>
    public long SequentialScans { get; init; }

    /// <summary>Rows that sequential scans read.</summary>
    public long SequentialRows { get; init; }

    /// <summary>Index scans.</summary>
    public long IndexScans { get; init; }

    /// <summary>Rows inserted.</summary>
    public long Inserted { get; init; }

    /// <summary>Rows updated.</summary>
    public long Updated { get; init; }

    /// <summary>Rows updated without a new index entry.</summary>
    public long HotUpdated { get; init; }

    /// <summary>Rows deleted.</summary>
    public long Deleted { get; init; }

    /// <summary>Living rows, by the statistics system's own count.</summary>
    public long LiveRows { get; init; }

    /// <summary>Dead rows, by the same.</summary>
    public long DeadRows { get; init; }

    /// <summary>Rows changed since the last ANALYZE.</summary>
    public long ChangedSinceAnalyze { get; init; }

    /// <summary>The last VACUUM or autovacuum.</summary>
    public DateTimeOffset? LastVacuum { get; init; }

    /// <summary>The last ANALYZE or autoanalyze.</summary>
    public DateTimeOffset? LastAnalyze { get; init; }
}

/// <summary>A transaction that was open when the catalog was read, behind which a strong lock would wait.</summary>
/// <param name="Seconds">How long it was open.</param>
/// <param name="Application">The session's <c>application_name</c>.</param>
/// <param name="State">What it was doing: <c>active</c>, <c>idle in transaction</c>, …</param>
/// <param name="Relations">The relations on which it held a lock, as <c>schema.name</c> without quotes.</param>
public sealed record OpenTransaction(int Seconds, string Application, string State, ImmutableArray<string> Relations);

/// <summary>How a database orders text where a column says nothing else (<c>pg_database</c>, manual, 24.1).</summary>
/// <param name="Provider"><c>c</c> the C library, <c>i</c> ICU, <c>b</c> PostgreSQL itself.</param>
/// <param name="Collate">The provider's name for it: <c>en_US.UTF-8</c>, <c>de-DE</c>, <c>C</c>.</param>
public sealed record DatabaseLocale(char Provider, string Collate);
