using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>Puts the fixes of one statement together: of an ALTER TABLE only the actions that have one are replaced.</summary>
internal static class Composition
{
    /// <summary>The pieces that stand in for a statement.</summary>
    /// <param name="slot">The statement.</param>
    /// <param name="leading">What stands before it.</param>
    /// <param name="text">The file.</param>
    /// <param name="fixes">Its fixes; none leaves it as it is.</param>
    /// <param name="mayDefer">Whether what nothing needs may move to the end.</param>
    public static IEnumerable<Piece> Of(Slot slot, string leading, string text, IReadOnlyList<Fix> fixes, bool mayDefer)
    {
        var moved = fixes.Where(fix => fix.Moves).Select(fix => fix.Steps[0].Run).DefaultIfEmpty(FixRun.Joins).Max();
        var replacing = fixes.Where(fix => !fix.Moves).DistinctBy(fix => fix.Replaces).ToList();
        string verbatim = text[slot.Span.Start..slot.End];
        if (replacing.Count == 0)
        {
            yield return new Piece(leading, verbatim.Contains(';', StringComparison.Ordinal) ? verbatim : verbatim + ";", moved, slot, IsVerbatim: true);
            yield break;
        }

        string comment = Comment(text, slot);
        bool isFirst = true;
        foreach (var step in Steps(slot, text, replacing))
        {
            var run = step.Run == FixRun.Last && !mayDefer ? FixRun.Fresh : step.Run;
            yield return isFirst
                ? new Piece(leading, step.Sql + ";" + comment, run == FixRun.Joins ? moved : run, slot, IsVerbatim: false)
                : new Piece("\n", step.Sql + ";", run, slot, IsVerbatim: false) { IsAtomic = step.IsAtomic };
            isFirst = false;
        }
    }

    /// <summary>The comment behind the statement on its last line.</summary>
    private static string Comment(string text, Slot slot)
    {
        string rest = text[slot.Span.End..slot.End];
        int at = rest.IndexOf("--", StringComparison.Ordinal);
        return at < 0 ? "" : " " + rest[at..].TrimEnd();
    }

    private static IEnumerable<FixStep> Steps(Slot slot, string text, List<Fix> fixes)
    {
        if (fixes.Find(fix => fix.Replaces == slot.Span) is { } whole)
            return whole.Steps;
        var alter = (AlterTable)slot.Statement!;
        string head = text[slot.Span.Start..alter.Actions[0].Span.Start];
        var steps = new List<FixStep>();
        var plain = new List<string>();
        foreach (var action in alter.Actions.OrderBy(Pass))
        {
            if (fixes.Find(fix => fix.Replaces == action.Span) is { } fix)
            {
                Flush();
                steps.AddRange(fix.Steps);
            }
            else
            {
                plain.Add(text.Substring(action.Span.Start, action.Span.Length));
            }
        }

        Flush();
        return steps;

        void Flush()
        {
            if (plain.Count > 0)
                steps.Add(new FixStep(head + string.Join(", ", plain)));
            plain.Clear();
        }
    }

    /// <summary>The pass in which PostgreSQL runs an action, whatever its place (AlterTablePass, src/backend/commands/tablecmds.c).</summary>
    private static int Pass(AlterAction action) => action switch
    {
        DropColumn or DropConstraint or DropNotNull or SetDefault { Default: null } => 0,
        AlterColumnType => 1,
        AddColumn => 2,
        SetNotNull or SetDefault or AddIdentity => 3,
        AddConstraint { Constraint.Kind: ConstraintKind.Check } => 4,
        AddConstraint { Constraint.Kind: ConstraintKind.PrimaryKey or ConstraintKind.Unique } => 5,
        AddConstraint => 6,
        _ => 7,
    };
}
