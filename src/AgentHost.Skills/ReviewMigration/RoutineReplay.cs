using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Routines;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>
/// Replays the code that a statement runs, DO blocks and the script's own functions, statement by statement as part of the migration. A branch is replayed
/// as if it were taken, a loop once, a function at its first call.
/// </summary>
internal sealed class RoutineReplay(string text, EmbeddedCode code, RoutineLibrary? library, Func<ReplayState, Statement, Circumstances, CodePlace, ReplayState> run)
{
    /// <summary>How deep functions are followed that call one another.</summary>
    private const int MaxDepth = 50;

    /// <summary>How far a condition is looked through, in characters.</summary>
    private const int LongestCondition = 1000;

    private readonly Dictionary<QualifiedName, CreateFunction> _functions = [];
    private readonly HashSet<CreateFunction> _replayed = new(ReferenceEqualityComparer.Instance);
    private readonly List<UnseenCode> _unseen = [];
    private CodePlace _place = new(code, null, null);
    private SourceSpan? _refusedEnd;
    private int _branches;

    /// <summary>Whether the statement runs code.</summary>
    public static bool IsCaller(Statement statement) => statement is DoBlock or Call or RowStatement { Functions.IsEmpty: false };

    /// <summary>Takes note of a function that the script makes.</summary>
    public void Define(CreateFunction function) => _functions[function.Name with { Schema = null }] = function;

    /// <summary>Replays what a statement of the script runs.</summary>
    public (ReplayState After, ImmutableArray<UnseenCode> Unseen, SourceSpan? RefusedEnd) Run(ReplayState before, Statement caller)
    {
        _unseen.Clear();
        _refusedEnd = null;
        var after = RunCode(before, caller, Circumstances.Plain);
        return (after, [.. _unseen], _refusedEnd);
    }

    private ReplayState RunCode(ReplayState state, Statement caller, Circumstances around)
    {
        switch (caller)
        {
            case DoBlock block:
                return InTransaction(state, "the DO block", inside => Steps(inside, _place.Code.BodyOf(block)?.Steps ?? [], around));
            case Call call:
                return InTransaction(state, "CALL", inside => RunFunction(inside, call.Procedure, call.Span, around));
            case RowStatement row:
                return Functions(state, row.Functions, row.Span, around);
            default:
                return state;
        }
    }

    private ReplayState Functions(ReplayState state, ImmutableArray<QualifiedName> functions, SourceSpan at, Circumstances around) =>
        functions.Where(function => !BuiltInFunctions.Has(function)).Distinct().Aggregate(state, (now, function) => RunFunction(now, function, at, around));

    private ReplayState RunFunction(ReplayState state, QualifiedName name, SourceSpan at, Circumstances around)
    {
        if (Find(name) is not { } routine || routine.Code.BodyOf(routine.Function) is not { } body)
        {
            _unseen.Add(new(_place.CalledFrom ?? at, $"{SqlIdentifier.Quote(name)}()"));
            return state;
        }

        if (around.Depth == MaxDepth)
        {
            _unseen.Add(new(_place.CalledFrom ?? at, $"{SqlIdentifier.Quote(name)}(), called too deep inside other functions,"));
            return state;
        }

        // What it does was judged where it was first called.
        if (!_replayed.Add(routine.Function))
            return state;
        var outer = _place;
        if (routine.Code != code)
            _place = new(routine.Code, outer.CalledFrom ?? at, SqlIdentifier.Quote(name));
        var after = Steps(state, body.Steps, around with { Depth = around.Depth + 1 });
        _place = outer;
        return after;
    }

    /// <summary>The function as the file makes it, else as the schema has it.</summary>
    private KnownRoutine? Find(QualifiedName name) =>
        _functions.GetValueOrDefault(name with { Schema = null }) is { } own ? new(own, code) : library?.Find(name);

    /// <summary>A block outside of any transaction is one by itself.</summary>
    private static ReplayState InTransaction(ReplayState state, string opener, Func<ReplayState, ReplayState> inside)
    {
        if (state.Transaction.IsOpen)
            return inside(state);
        var after = inside(state with { Transaction = state.Transaction with { IsOpen = true, OpenedBy = opener }, OwnsTransaction = true });
        return after.EndTransaction(isRollback: false) with { Transaction = new(false, after.Transaction.Number, ""), OwnsTransaction = false };
    }

    private ReplayState Steps(ReplayState state, ImmutableArray<RoutineStep> steps, Circumstances around) =>
        steps.Aggregate(state, (now, step) => Step(now, step, around));

    private ReplayState Step(ReplayState state, RoutineStep step, Circumstances around)
    {
        switch (step)
        {
            case StatementStep { Statement: var statement }:
                if (statement is CreateFunction function && _place.CalledFrom is null)
                    Define(function);
                var after = run(state, statement, around, _place);
                return IsCaller(statement) ? RunCode(after, statement, around) : after;
            case EvaluationStep evaluation:
                return Functions(state, evaluation.Functions, evaluation.Span, around);
            case TransactionEndStep end:
                if (state.OwnsTransaction)
                    return state.EndTransaction(end.IsRollback);
                _refusedEnd ??= _place.CalledFrom ?? end.Span;
                return state;
            case LoopStep loop:
                return Steps(state, loop.Body, loop.EndsTransaction ? around : around with { Repeats = Repetition(state, loop, around.Repeats) });
            case BranchStep branch:
                return Branch(state, branch, around);
            case UnseenStep unseen:
                _unseen.Add(new(_place.CalledFrom ?? unseen.Span, unseen.Reason));
                return state;
            default:
                return state;
        }
    }

    /// <summary>Every arm meets the state before the branch; behind it stands what the first arm left, for IF NOT EXISTS … THEN CREATE.</summary>
    private ReplayState Branch(ReplayState before, BranchStep branch, Circumstances around)
    {
        int number = _branches++;
        var after = before;
        for (int i = 0; i < branch.Arms.Length; i++)
        {
            var left = Steps(before, branch.Arms[i], around with { Branch = AsksRunner(branch) ? around.Branch : branch, Arms = around.Arms.Add((number, i)) });
            if (i == 0 && branch.Keyword != "EXCEPTION")
                after = left;
        }

        return after;
    }

    /// <summary>Whether an IF asks the books of a migration runner whether the migration ran before, which of one under review is not so.</summary>
    private bool AsksRunner(BranchStep branch)
    {
        if (branch.Keyword != "IF" || _place.CalledFrom is not null)
            return false;
        var rest = text.AsSpan(branch.Span.Start, Math.Min(text.Length - branch.Span.Start, LongestCondition));
        int end = rest.IndexOf("THEN", StringComparison.OrdinalIgnoreCase);
        return end > 0 && RunnerTables.IsNamedIn(rest[..end]);
    }

    private static Repeats Repetition(ReplayState state, LoopStep loop, Repeats outer) => loop.Kind switch
    {
        LoopKind.Condition when outer == Repeats.No => Repeats.WhileSomething,
        LoopKind.Rows when loop.Query is { } query && query.Relations.Any(relation => state.IsExisting(relation) && !IsCatalog(relation)) => Repeats.ForRows,
        _ => outer,
    };

    private static bool IsCatalog(QualifiedName relation) =>
        relation.Schema is "pg_catalog" or "information_schema" || relation.Name.StartsWith("pg_", StringComparison.Ordinal);
}

/// <summary>The code that is being replayed.</summary>
/// <param name="Code">The script's own, or that of a routine of the schema.</param>
/// <param name="CalledFrom">Where the script calls that routine; null in the script's own code.</param>
/// <param name="Routine">That routine, quoted where needed.</param>
internal sealed record CodePlace(EmbeddedCode Code, SourceSpan? CalledFrom, string? Routine);
