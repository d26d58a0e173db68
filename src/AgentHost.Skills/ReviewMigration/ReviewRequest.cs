using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Migrations to review, and what is known about where they will run.</summary>
/// <param name="Files">The migrations.</param>
public sealed record ReviewRequest(ImmutableArray<MigrationSource> Files)
{
    /// <summary>DDL that describes the database before the migrations: a dump, or earlier migrations in the runner's order.</summary>
    public ImmutableArray<MigrationSource> Schema { get; init; } = [];

    /// <summary>
    /// The database itself, as its catalogs told it: its schema stands behind those of <see cref="Schema"/>, and findings say what they mean for tables of
    /// its size. Null where it is not known, and tables are taken to be large.
    /// </summary>
    public CatalogSnapshot? Target { get; init; }

    /// <summary>
    /// What undoes migrations of <see cref="Files"/>, told by their names (<see cref="MigrationFolder.DownOf"/>); those among the files themselves need
    /// not be given again.
    /// </summary>
    public ImmutableArray<MigrationSource> Downs { get; init; } = [];

    /// <summary>The target's major version, 10 to 18.</summary>
    public int PgVersion { get; init; } = 17;

    /// <summary>Whether the runner wraps a file in one transaction.</summary>
    public TransactionMode Transaction { get; init; } = TransactionMode.Auto;

    /// <summary>
    /// True where <see cref="Files"/> are successive steps of one history (a folder of migrations): each is then judged on the schema that its
    /// predecessors leave behind. False where each is a candidate of its own on top of <see cref="Schema"/>.
    /// </summary>
    public bool InOrder { get; init; }

    /// <summary>Whether to run the migrations on a scratch database and attach what was observed.</summary>
    public bool Prove { get; init; }

    /// <summary>Whether to write the migrations anew with their complete fixes in place.</summary>
    public bool Fix { get; init; }

    /// <summary>The names of all migrations of the folder, where <see cref="Files"/> are not all of them: new files need names between theirs.</summary>
    public ImmutableArray<string> Neighbours { get; init; } = [];

    /// <summary>Ids of the only rules to judge by; empty for all. What states a fact, as that a file does not parse, is always told.</summary>
    public ImmutableArray<string> Only { get; init; } = [];

    /// <summary>Ids of rules to leave out. A rule that states a fact cannot be.</summary>
    public ImmutableArray<string> Ignore { get; init; } = [];

    /// <summary>The project's memory: its waivers and precedents are applied.</summary>
    public MemoryJournal? Memory { get; init; }

    /// <summary>Told in a few words what is going on, where the review takes long.</summary>
    public IProgress<string>? Progress { get; init; }

    /// <summary>Whether a rule is one to judge by.</summary>
    internal bool Selects(MigrationRule rule) =>
        rule.IsFact || ((Only.IsEmpty || Only.Contains(rule.Id, StringComparer.Ordinal)) && !Ignore.Contains(rule.Id, StringComparer.Ordinal));
}

/// <summary>A text and the name it is shown under.</summary>
/// <param name="Name">A path, or <c>-</c> for standard input.</param>
/// <param name="Text">SQL, possibly with a runner's directives.</param>
public sealed record MigrationSource(string Name, string Text)
{
    /// <summary>Whether a file beside it tells the runner not to wrap it: Flyway's <c>V1__name.sql.conf</c> with <c>executeInTransaction=false</c>.</summary>
    public bool NoTransaction { get; init; }
}

/// <summary>Whether a migration runner wraps a file in one transaction.</summary>
public enum TransactionMode
{
    /// <summary>
    /// As the file itself tells: a directive decides; else a runner known by its markers; else BEGIN in the file means that the file cares for
    /// itself; else the file is wrapped, unless it holds a statement that cannot run in a transaction.
    /// </summary>
    Auto,

    /// <summary>The runner wraps each file, unless a directive in the file says otherwise.</summary>
    On,

    /// <summary>Every statement commits on its own, outside BEGIN … COMMIT.</summary>
    Off,
}
