using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Routines;
using AgentHost.Sql.Statements;

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

    /// <summary>Its statements in order, each with the state it meets; those of code that a statement runs stand behind it.</summary>
    public ImmutableArray<StatementContext> Statements { get; private set; } = [];

    /// <summary>The statements of the script alone, in step with those of <see cref="Script"/>.</summary>
    public IEnumerable<StatementContext> ScriptStatements => Statements.Where(context => !context.IsInside);

    /// <summary>The database behind the last statement.</summary>
    public SchemaModel After { get; private set; } = SchemaModel.Empty;

    /// <summary>Whether the first statement runs in a transaction that the runner opened.</summary>
    public bool StartsInTransaction { get; private init; }

    /// <summary>The statements of the file that could not be read, and are not among <see cref="Statements"/>.</summary>
    public ImmutableArray<RefusedStatement> Unread { get; private init; } = [];

    /// <summary>Whether one before a statement of the script could not be read.</summary>
    public bool SkipsBefore(int index) => Unread.Any(refused => refused.Span.Start < Script.Statements[index].Span.Start);

    /// <summary>Replays a file.</summary>
    public static MigrationReplay Run(
        MigrationFile file, Script script, SchemaModel schema, int pgVersion, TransactionMode mode, ImmutableArray<RefusedStatement> unread = default, RoutineLibrary? library = null)
    {
        var transaction = TransactionState.Start(file, script, mode);
        var replay = new MigrationReplay(file, script, pgVersion)
        {
            StartsInTransaction = transaction.IsOpen && file.Changesets.All(changeset => !changeset.NoTransaction),
            Unread = unread.IsDefault ? [] : unread,
        };
        var contexts = ImmutableArray.CreateBuilder<StatementContext>(script.Statements.Length);
        var state = new ReplayState(schema, CreatedHere.Nothing, transaction, SessionSettings.Defaults);
        var code = script.Statements.Any(RoutineReplay.IsCaller) ? EmbeddedCode.Read(script) : null;
        int outer = 0;
        var routines = code is null ? null : new RoutineReplay(script.Text, code, library, (now, statement, circumstances, place) =>
        {
            contexts.Add(Context(now, statement) with { Source = place.Code.SourceOf(statement), IsInside = true, Circumstances = circumstances, CalledFrom = place.CalledFrom, InRoutine = place.Routine });
            return now.After(statement, contexts[^1].Text);
        });
        int changeset = 0;
        foreach (var statement in script.Statements)
        {
            if (file.ChangesetAt(statement.Span.Start) is var place && place > changeset)
                state = state.BeginChangeset(isOpen: !file.Changesets[changeset = place].NoTransaction);
            int at = contexts.Count;
            contexts.Add(Context(state, statement));
            if (routines is not null && statement is CreateFunction function)
                routines.Define(function);
            if (routines is not null && RoutineReplay.IsCaller(statement))
            {
                (var inside, var unseen, var refusedEnd) = routines.Run(state, statement);
                contexts[at] = contexts[at] with { Unseen = unseen, RefusedEnd = refusedEnd };
                state = inside;
            }

            state = state.After(statement, script.TextOf(statement));
            outer++;
        }

        StatementContext Context(ReplayState now, Statement statement) => new()
        {
            Replay = replay,
            Index = contexts.Count,
            ScriptIndex = outer,
            Source = script,
            Statement = statement,
            Schema = now.Schema,
            New = now.New,
            Transaction = now.Transaction,
            Settings = now.Settings,
        };

        replay.Statements = contexts.DrainToImmutable();
        replay.After = state.Schema;
        return replay;
    }
}
