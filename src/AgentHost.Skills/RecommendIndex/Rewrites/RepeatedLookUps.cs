using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Queries;
using AgentHost.Sql.Statements;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>
/// A statement that runs once for each row of another (N+1): a look-up by a foreign key, or of what one leads to, whose calls are as many as the rows of a list of
/// the other table, or that a log shows to follow it in its session. Names no pair that no foreign key joins.
/// </summary>
internal static class RepeatedLookUps
{
    private const double LeastRowsPerList = 5, LeastRows = 500;

    /// <summary>By how much calls and rows may differ: a look-up that other code runs, too, is not found.</summary>
    private const double Tolerance = 0.03;

    public static ImmutableArray<QueryRewrite> Of(ImmutableArray<WeightedQuery> queries, ImmutableArray<StatementLoop> loops, SchemaFacts schema)
    {
        var cases = queries.Select(q => Read(q, schema)).OfType<RewriteCase>().ToList();
        var found = ImmutableArray.CreateBuilder<QueryRewrite>();
        foreach (var lookUp in cases)
        {
            foreach (var (condition, column) in Keys(lookUp).Take(3))
            {
                if ((Logged(lookUp, column, cases, loops) ?? Counted(lookUp, column, cases)) is not { } why)
                    continue;
                found.Add(lookUp.Template(RewriteKind.RepeatedLookUp, "Fetch them at once: join the two, or look all keys up in one statement.", why) with { Sql = AllAtOnce(lookUp, condition, column) });
                break;
            }
        }
        return found.DrainToImmutable();
    }

    /// <summary>Whether a statement reads one table by a value.</summary>
    public static bool IsLookUp(QuerySyntax query) => query is { Verb: QueryVerb.Select, Top: { From: [{ Kind: FromKind.Table }], Arms: [], CommonTables: [] } top } && top.Conjuncts.Any(c => Compared(c) is not null);

    private static string? Logged(RewriteCase lookUp, NamedColumn column, List<RewriteCase> cases, ImmutableArray<StatementLoop> loops)
    {
        foreach (var loop in loops.Where(l => l.LookUp == lookUp.Query.Name))
        {
            if (cases.Find(c => c.Query.Name == loop.List) is { } list && Leads(list, column))
            {
                return $"The log shows {Count(loop.Runs)} runs of it right behind {(loop.Times == 1 ? "one" : Count(loop.Times))} of '{loop.List}' in the same session, {Count((double)loop.Runs / loop.Times)} each time, "
                    + $"for another {column.Column} each.";
            }
        }
        return null;
    }

    private static string? Counted(RewriteCase lookUp, NamedColumn column, List<RewriteCase> cases)
    {
        if (lookUp.Query.RowsPerRun is null)
            return null;
        var calls = lookUp.Query.Weight;
        var list = cases.Where(c => c.Query is { RowsPerRun: >= LeastRowsPerList } && Rows(c) >= LeastRows && Math.Abs(calls - Rows(c)) <= Tolerance * Rows(c) && Leads(c, column))
            .OrderBy(c => Math.Abs(calls - Rows(c))).ThenBy(c => c.Query.Name, StringComparer.Ordinal).FirstOrDefault();
        return list is null ? null
            : $"It was called {Count(calls)} times, once for each of the {Count(Rows(list))} rows of '{list.Query.Name}' ({Count(list.Query.Weight)} calls, {Count(list.Query.RowsPerRun!.Value)} rows each), which {column.Relation.Name.Name}.{column.Column} is joined with.";
    }

    private static double Rows(RewriteCase query) => query.Query.Weight * query.Query.RowsPerRun!.Value;

    private static string Count(double number) => Math.Round(number).ToString("N0", CultureInfo.InvariantCulture);

    private static IEnumerable<(SyntaxNode Condition, NamedColumn Column)> Keys(RewriteCase query) => !IsLookUp(query.Syntax) ? []
        : query.Syntax.Top.Conjuncts.Select(c => (Condition: c, Column: Compared(c) is { } side ? query.Scopes[0].Column(side) : null)).Where(k => k.Column is not null).Select(k => (k.Condition, k.Column!));

    // The column's side; the other is a value.
    private static SyntaxNode? Compared(SyntaxNode condition) =>
        condition is not { Kind: NodeKind.Operator, Name: "=", Parts: [var left, var right] } ? null
            : left.Kind == NodeKind.Column && right.Bare().Kind is NodeKind.Parameter or NodeKind.Constant ? left
            : right.Kind == NodeKind.Column && left.Bare().Kind is NodeKind.Parameter or NodeKind.Constant ? right : null;

    /// <summary>Whether a query gives rows of a table that a foreign key joins with the column, and the key with them.</summary>
    private static bool Leads(RewriteCase list, NamedColumn column)
    {
        var (scope, level) = (list.Scopes[0], list.Syntax.Top);
        if (list.Syntax.Verb != QueryVerb.Select || Aggregates.In(level) || scope.Tables.Any(t => t.Relation.Name == column.Relation.Name))
            return false;
        return scope.Tables.Any(t => Keys(t.Relation, column).Concat(Keys(column.Relation, column, t.Relation)).Any(key => Gives(scope, t.Item, key)));
    }

    // Its columns that refer to the one that is looked up.
    private static IEnumerable<string> Keys(RelationFacts table, NamedColumn column) => table.Model.Constraints
        .Where(c => c is { Kind: ConstraintKind.ForeignKey, Columns: [_] } && c.References == column.Relation.Name && Referenced(c, column.Relation) == column.Column).Select(c => c.Columns[0]);

    // The columns to which the one that is looked up refers.
    private static IEnumerable<string> Keys(RelationFacts child, NamedColumn column, RelationFacts table) => child.Model.Constraints
        .Where(c => c is { Kind: ConstraintKind.ForeignKey, Columns: [var own] } && own == column.Column && c.References == table.Name).Select(c => Referenced(c, table)).OfType<string>();

    private static string? Referenced(TableConstraint key, RelationFacts table) =>
        key.ReferencedColumns is [var named] ? named : key.ReferencedColumns.IsEmpty && table.PrimaryKey is [var primary] ? primary : null;

    private static bool Gives(LevelScope scope, FromSyntax item, string column) => scope.Level.Targets.Any(t => t.Value.Kind == NodeKind.Star
        ? t.Value.Path.IsEmpty || t.Value.Path[^1] == (item.Alias ?? item.Table?.Name)
        : scope.Column(t.Value) is { } given && ReferenceEquals(given.Item, item) && given.Column == column);

    /// <summary>The look-up for all keys; null where rows of different keys cannot be told apart by adding the key.</summary>
    private static string? AllAtOnce(RewriteCase query, SyntaxNode condition, NamedColumn column)
    {
        if (query.Syntax.Top is not { Limit: null, Offset: null, GroupBy: [], Having: null, IsDistinct: false, IsUnusual: false, Targets: [var first, ..] } top || top.Targets.Any(t => t.Value.Query is not null))
            return null;
        var name = query.TextOf(Compared(condition)!);
        var value = condition.Parts.First(p => p.Kind != NodeKind.Column);
        var number = value.Bare().Kind == NodeKind.Parameter ? value.Bare().Number : query.Syntax.ParameterCount + 1;
        var edits = new List<(TextRange, string)> { (condition.Range, $"{name} = ANY (${number}::{TypeOf(column)}[])") };
        if (!Gives(query.Scopes[0], column.Item, column.Column))
            edits.Add((new TextRange(first.Value.Range.Start, first.Value.Range.Start), name + ", "));
        if (Aggregates.In(top))
        {
            if (!top.OrderBy.IsEmpty || top.Targets.Any(t => !Aggregates.Is(t.Value)))
                return null;
            edits.Add((new TextRange(top.Where!.Range.End, top.Where.Range.End), $" GROUP BY {name}"));
        }
        return query.Syntax.Replaced(edits);
    }

    private static string TypeOf(NamedColumn column) => column.Type ?? "text";

    private static RewriteCase? Read(WeightedQuery query, SchemaFacts schema)
    {
        try
        {
            return QuerySyntax.Read(query.Sql) is { } syntax ? new RewriteCase(query, syntax, schema) : null;
        }
        catch (SqlInputException)
        {
            return null;
        }
    }
}
