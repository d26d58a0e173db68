using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>A migration replayed statement by statement on what is known of the database.</summary>
internal sealed class MigrationReplay
{
    private MigrationReplay(MigrationFile file, Script script, int pgVersion) => (File, Script, PgVersion) = (file, script, pgVersion);

    /// <summary>The file.</summary>
    public MigrationFile File { get; }

    /// <summary>Its up section, parsed.</summary>
    public Script Script { get; }

    /// <summary>The target's major version.</summary>
    public int PgVersion { get; }

    /// <summary>Its statements in order, each with the state it meets.</summary>
    public ImmutableArray<StatementContext> Statements { get; private set; } = [];

    /// <summary>The database behind the last statement.</summary>
    public SchemaModel After { get; private set; } = SchemaModel.Empty;

    /// <summary>Whether the first statement runs in a transaction that the runner opened.</summary>
    public bool StartsInTransaction { get; private init; }

    /// <summary>Replays a file.</summary>
    public static MigrationReplay Run(MigrationFile file, Script script, SchemaModel schema, int pgVersion, TransactionMode mode)
    {
        var transaction = TransactionState.Start(file, script, mode);
        var replay = new MigrationReplay(file, script, pgVersion) { StartsInTransaction = transaction.IsOpen };
        var (created, settings) = (CreatedHere.Nothing, SessionSettings.Defaults);
        var contexts = ImmutableArray.CreateBuilder<StatementContext>(script.Statements.Length);
        foreach (var statement in script.Statements)
        {
            contexts.Add(new StatementContext
            {
                Replay = replay,
                Index = contexts.Count,
                Statement = statement,
                Schema = schema,
                New = created,
                Transaction = transaction,
                Settings = settings,
            });
            created = created.Apply(statement, schema);
            settings = settings.Apply(statement, script.TextOf(statement), transaction.IsOpen);
            schema = schema.Apply(statement);
            transaction = transaction.After(statement);
        }

        replay.Statements = contexts.DrainToImmutable();
        replay.After = schema;
        return replay;
    }
}
