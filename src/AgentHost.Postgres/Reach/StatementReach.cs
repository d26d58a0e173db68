namespace AgentHost.Postgres.Reach;

/// <summary>
/// Follows what statements would run on a database through the code behind their names, and stops at the first that could act beyond a
/// read-only transaction. A name stands for everything that has it, in any schema, so that nothing hides behind search_path, overloads or
/// a column that is a call; what cannot be read counts as dangerous. Writes to tables need no finding: the transaction refuses them.
/// </summary>
/// <remarks>
/// The planner evaluates IMMUTABLE and STABLE functions, and users' operators on statistics, so that EXPLAIN alone executes these
/// (manual, section 36.7); ANALYZE executes all.
/// </remarks>
internal sealed class StatementReach
{
    private const int MostCode = 5_000;

    /// <summary>Operators that the grammar writes for a statement: IN, LIKE, BETWEEN, USING, …</summary>
    private static readonly string[] ImpliedOperators = ["=", "<>", "<", ">", "<=", ">=", "~~", "!~~", "~~*", "!~~*", "~"];

    private readonly ReachCatalog catalog;
    private readonly HashSet<(Kind Kind, uint Oid, bool Executes)> seen = [];
    private readonly List<Code> codes = [];
    private readonly List<(Step Caller, uint Function, bool Executes)> calls = [];
    private readonly List<(Step Caller, uint Type, bool Executes)> types = [];
    private List<UnnamedCall> unnamed = [];
    private int read;
    private Reached? found;

    private StatementReach(ReachCatalog catalog) => this.catalog = catalog;

    /// <summary>A number means an object only together with the catalog that it stands in.</summary>
    private enum Kind { Function, Relation, Type }

    private sealed record Step(string Label, Step? Caller);

    private sealed record Code(Step Step, string Text, bool Executes, bool IsBody);

    private sealed record ReadCode(Step Step, CodeWords Words, bool Executes);

    /// <summary>The first dangerous thing that the statements reach, or null.</summary>
    /// <param name="catalog">The database's.</param>
    /// <param name="statements">Reads.</param>
    /// <param name="executes">Whether they are executed, as opposed to planned.</param>
    /// <param name="ct">Cancels it.</param>
    public static async Task<Reached?> FindAsync(ReachCatalog catalog, IEnumerable<string> statements, bool executes, CancellationToken ct)
    {
        var reach = new StatementReach(catalog);
        var statement = new Step("", null);
        reach.codes.AddRange(statements.Select(sql => new Code(statement, sql, executes, IsBody: false)));
        reach.unnamed = [.. await catalog.UnnamedCallsAsync(ct)];
        reach.Call(statement, call => call.Operator is null || ImpliedOperators.Contains(call.Operator, StringComparer.Ordinal));
        while (reach.found is null && (reach.codes.Count | reach.calls.Count | reach.types.Count) != 0)
            await reach.ExpandAsync(ct);
        return reach.found;
    }

    private async Task ExpandAsync(CancellationToken ct)
    {
        var level = codes.Select(Read).ToList();
        var (called, typed) = (calls.ToLookup(call => call.Function), types.ToLookup(type => type.Type));
        codes.Clear();
        calls.Clear();
        types.Clear();
        var names = level.SelectMany(code => code.Words.Names).ToHashSet(StringComparer.Ordinal);
        var functions = await catalog.FunctionsAsync(level.SelectMany(code => code.Words.Called).Distinct(StringComparer.Ordinal), names, called.Select(c => c.Key), ct);
        foreach (var function in functions)
        {
            foreach (var call in called[function.Oid])
                Reach(function, call.Caller, call.Executes);
            foreach (var code in level.Where(code => code.Words.Called.Contains(function.Name) || (function.TakesRow && code.Words.Names.Contains(function.Name))))
                Reach(function, code.Step, code.Executes);
        }

        var named = names.Count == 0 ? [] : await catalog.NamedAsync(names, ct);
        var holders = named
            .SelectMany(name => level.Where(code => code.Words.Names.Contains(name.Name)).Select(code => (Kind: name.IsRelation ? Kind.Relation : Kind.Type, name.Oid, Caller: code.Step, code.Executes)))
            .Concat(typed.SelectMany(type => type.Select(t => (Kind: Kind.Type, Oid: t.Type, t.Caller, t.Executes))))
            .Where(holder => seen.Add((holder.Kind, holder.Oid, holder.Executes)));
        foreach (var kind in holders.GroupBy(holder => holder.Kind).ToList())
        {
            var byOid = kind.ToLookup(holder => holder.Oid);
            foreach (var held in await catalog.HeldCodeAsync(byOid.Select(h => h.Key), kind.Key == Kind.Relation, ct))
            {
                foreach (var holder in byOid[held.Root])
                    Hold(held, holder.Caller, holder.Executes);
            }
        }
    }

    private ReadCode Read(Code code)
    {
        var words = CodeWords.Read(code.Text, code.IsBody);
        if (words.Unprovable is { } why)
            Find(code.Step, why);
        else if (++read > MostCode)
            Find(code.Step, "leads to more code than is looked through");
        Call(code.Step, call => call.Operator is { } name && code.Text.Contains(name, StringComparison.Ordinal));
        return new ReadCode(code.Step, words, code.Executes);
    }

    /// <summary>Also where a statement is only planned: selectivity is estimated by calling the operator on a column's most common values.</summary>
    private void Call(Step caller, Predicate<UnnamedCall> which)
    {
        calls.AddRange(unnamed.Where(call => which(call)).Select(call => (new Step(call.Label, caller), call.Function, true)));
        unnamed.RemoveAll(which);
    }

    private void Reach(Function function, Step caller, bool executes)
    {
        if (!seen.Add((Kind.Function, function.Oid, executes)))
            return;
        var step = new Step(function.Name + "()", caller);
        var evaluated = executes || !function.IsVolatile;
        if (!function.IsSystem && function.Defaults is { } defaults)
            codes.Add(new Code(step, defaults, executes, IsBody: false));
        types.AddRange(function.Types.Select(type => (step, type, executes)));
        if (evaluated && KnownFunctions.RunsText.Contains(function.Name) && (function.IsTrusted || !function.IsReadable))
            Find(step, "runs or names code in text that is not looked into");
        else if (function.IsTrusted)
            _ = evaluated && function.IsVolatile && !KnownFunctions.HarmlessVolatile.Contains(function.Name)
                && Find(step, "could act beyond a read-only transaction (a volatile function may end sessions, read files, call other servers, or wait)");
        else if (function.IsAggregate)
            calls.AddRange(function.Supports.Where(_ => executes).Select(support => (step, support, true)));
        else if (!function.IsReadable)
            _ = evaluated && Find(step, $"is written in {function.Language}, whose code is not looked into");
        else if (evaluated && function.Settings.Contains("standard_conforming_strings", StringComparison.OrdinalIgnoreCase))
            Find(step, "changes how its own strings are read");
        else if (evaluated || function.Language == "sql") // the planner also inlines SQL functions, and then evaluates what is constant in them
            codes.Add(new Code(step, function.Body ?? "", evaluated, IsBody: evaluated));
    }

    private void Hold(HeldCode held, Step caller, bool executes)
    {
        var step = new Step(held.Label, caller);
        executes = held.Stage switch { Stage.Planned => false, Stage.Executed => true, _ => executes };
        if (held.Code is { } code)
            codes.Add(new Code(step, code, executes, IsBody: false));
        else if (executes)
            Find(step, "is read through another server or a program, which a transaction here does not bind");
    }

    private bool Find(Step step, string why)
    {
        var path = new List<string>();
        for (var s = step.Caller; s is { Label.Length: > 0 }; s = s.Caller)
            path.Insert(0, s.Label);
        found ??= new Reached(path, step.Label.Length == 0 ? "the statement" : step.Label, why);
        return true;
    }
}
