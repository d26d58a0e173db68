using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>
/// Writes a migration anew with the complete fixes of its findings, and reviews what it wrote: a fix that leaves its hazard, or brings another, is
/// not made.
/// </summary>
internal sealed class MigrationRewriter(MigrationReplay replay, PartialScript read, string source, SchemaModel before, ReviewRequest request, Waivers? waivers, RoutineLibrary? library)
{
    private const string TimeoutRule = "missing-lock-timeout";

    private readonly ImmutableArray<Slot> slots = Slot.Of(replay, read);

    /// <summary>Rewrites it.</summary>
    /// <param name="findings">Its findings, waived ones marked.</param>
    public MigrationRewrite Run(ImmutableArray<Finding> findings)
    {
        var counted = findings.Where(finding => finding.WaivedBy is null).ToList();
        var all = counted.Where(IsPossible).ToList();
        if (all.Count == 0 && !counted.Exists(finding => finding.Rule == TimeoutRule))
            return Nothing(counted, refusal: null);
        if (Obstacle(all) is { } obstacle)
            return Nothing(counted, obstacle);
        return Attempt(counted, all) ?? Best(counted, all) ?? Nothing(counted, all.Count == 0 ? null : "what the fixes make of it would be no better");
    }

    /// <summary>The fixes one after another, each kept where the result is no worse for it.</summary>
    private MigrationRewrite? Best(List<Finding> counted, List<Finding> all)
    {
        MigrationRewrite? best = Attempt(counted, []);
        var kept = new List<Finding>();
        foreach (var finding in all)
        {
            if (Attempt(counted, [.. kept, finding]) is not { } better)
                continue;
            kept.Add(finding);
            best = better;
        }

        return best;
    }

    private MigrationRewrite? Attempt(List<Finding> counted, List<Finding> chosen)
    {
        var names = Compose(chosen, out string? refusal);
        if (names is not { } files)
            return refusal is null ? null : Nothing(counted, refusal);
        var left = Review(files);
        var remaining = counted.Except(chosen).ToList();
        // What is left must have been there before, and not be what was to be fixed.
        foreach (var group in left.GroupBy(finding => (finding.Rule, finding.Relation)))
        {
            if (group.Count() > remaining.Count(finding => finding.Rule == group.Key.Rule && Equals(finding.Relation, group.Key.Relation)))
                return null;
        }

        var gone = remaining.Where(finding => !left.Exists(still => still.Rule == finding.Rule && Equals(still.Relation, finding.Relation)) && finding.Severity >= Severity.Warning).ToList();
        if (chosen.Count + gone.Count == 0)
            return null;
        return new MigrationRewrite(files,
            [.. chosen.Select(finding => new FixedFinding(finding.Rule, finding.Line, finding.Fix!.Title))
                .Concat(gone.Select(finding => new FixedFinding(finding.Rule, finding.Line, finding.Fix?.Title ?? "Gone with the other fixes"))).OrderBy(finding => finding.Line)],
            [.. remaining.Except(gone).Where(finding => finding.Severity >= Severity.Warning).Select(Left)],
            [$"The result was reviewed again: {(left.Count == 0 ? "nothing is found" : $"{left.Count} of the {counted.Count(finding => finding.Severity >= Severity.Warning)} findings are left")}."])
        {
            Additions = [.. chosen.Select(finding => finding.Fix!.Adds).OfType<string>().Distinct(StringComparer.Ordinal)],
        };
    }

    private MigrationRewrite Nothing(List<Finding> counted, string? refusal) =>
        new([], [], [.. counted.Where(finding => finding.Severity >= Severity.Warning).Select(Left)], []) { Refusal = refusal };

    private RemainingFinding Left(Finding finding) => new(finding.Rule, finding.Line, finding.Severity, finding.Fix switch
    {
        null => "no safe form can be put in its place",
        { Complete: true } when !IsPossible(finding) => "it stands in code that a statement runs: do it by hand",
        { Complete: true } => "its fix cannot be put in place here: do it by hand",
        var fix => $"needs a decision: {fix.Title}",
    });

    /// <summary>Whether the fix stands in for a statement of the file, or an action of one, and not for a part of the code that a statement runs.</summary>
    private bool IsPossible(Finding finding) => finding.Fix is { Complete: true } fix
        && slots.FirstOrDefault(slot => slot.Span.Start <= fix.Replaces.Start && fix.Replaces.End <= slot.Span.End) is { } slot
        && (slot.Span == fix.Replaces || slot.Statement is AlterTable alter && alter.Actions.Any(action => action.Span == fix.Replaces));

    /// <summary>Whether the fixes need more than one transaction.</summary>
    private static bool IsCut(List<Finding> chosen) =>
        chosen.Exists(finding => finding.Rule == "nested-transaction-control" || finding.Fix!.Steps.Any(step => step.Run != FixRun.Joins));

    /// <summary>Why the file cannot be cut.</summary>
    private string? Obstacle(List<Finding> chosen)
    {
        if (!IsCut(chosen))
            return null;
        if (!replay.File.Changesets.IsEmpty)
            return "its changesets bind its statements together";
        foreach (var statement in slots.Select(slot => slot.Statement))
        {
            switch (statement)
            {
                case TransactionControl { Verb: TransactionVerb.Savepoint or TransactionVerb.RollbackTo or TransactionVerb.Release }:
                    return "savepoints bind its statements together";
                case TransactionControl { Verb: TransactionVerb.Rollback or TransactionVerb.Prepare }:
                    return "it rolls back, or prepares, what it did";
                case CreateTable { IsTemporary: true }:
                    return "its temporary table would not outlive the transaction in which it is made";
                case OtherStatement { Kind: "CopyStmt" }:
                    return "the rows of its COPY stand between its statements";
            }
        }

        return null;
    }

    /// <summary>The files with these fixes in place; null where a name cannot be found for them.</summary>
    private ImmutableArray<RewrittenFile>? Compose(List<Finding> chosen, out string? refusal)
    {
        refusal = null;
        bool isCut = IsCut(chosen);
        bool isOne = !isCut || !replay.StartsInTransaction;
        string text = isOne ? source : replay.File.UpText;
        bool mayDefer = !slots.Any(slot => slot.Statement is DropObjects or RenameObject or RenameColumn or RenameConstraint or MoveToSchema
            || slot.Statement is AlterTable alter && alter.Actions.Any(action => action is DropConstraint or DropColumn or AttachPartition));
        var pieces = slots.SelectMany(slot => Composition.Of(
            slot, text[slot.Start..slot.Span.Start], text, [.. chosen.Select(finding => finding.Fix!).Where(fix => slot.Span.Start <= fix.Replaces.Start && fix.Replaces.End <= slot.Span.End)], mayDefer)).ToList();
        pieces = NewRelations.Together(pieces);
        // What cannot run in a transaction may have stood behind a COMMIT that goes.
        if (!isOne)
            pieces = [.. pieces.Select(piece => piece is { IsVerbatim: true, Slot.Statement: { } statement } && NonTransactional.Describe(statement) is not null ? piece with { Run = FixRun.Outside } : piece)];
        int end = slots[^1].End;
        if (isOne)
        {
            string one = Assembly.OneFile(pieces, replay.File.Runner, source[end..]);
            return [new(replay.File.Name, Timeouts.Insert(replay.File.Name, one, before, request, waivers, library), isCut ? null : replay.StartsInTransaction)];
        }

        var parts = Assembly.Files(pieces, replay.File.Runner, RunnerDirectives.Strip(text[end..]).TrimEnd());
        if (PartNames.Of(replay.File.Name, parts.Length, replay.File.Runner, request.Neighbours.IsDefaultOrEmpty ? request.Files.Select(file => file.Name) : request.Neighbours) is not { } names)
        {
            refusal = $"it needs {parts.Length} files, and there is no free number for them before the next one: give the later files higher numbers first";
            return null;
        }

        var files = ImmutableArray.CreateBuilder<RewrittenFile>();
        var schema = before;
        for (int i = 0; i < parts.Length; i++)
        {
            string file = RunnerDirectives.Write(replay.File, source, parts[i].Body, parts[i].IsOutside, i + 1);
            if (!parts[i].IsOutside)
                file = Timeouts.Insert(names[i], file, schema, request, waivers, library);
            files.Add(new RewrittenFile(names[i], file, !parts[i].IsOutside) { Config = parts[i].IsOutside && PartNames.IsFlyway(names[i]) ? "executeInTransaction=false\n" : null });
            schema = Replay(files[^1], schema).Replay.After;
        }

        return files.ToImmutable();
    }

    /// <summary>What a review of the files in their order finds, remarks left out.</summary>
    private List<Finding> Review(ImmutableArray<RewrittenFile> files)
    {
        var found = new List<Finding>();
        var schema = before;
        foreach (var file in files)
        {
            var (again, script) = Replay(file, schema);
            found.AddRange(UnreadableSql.Judge(again.File, script, request.PgVersion));
            found.AddRange(InlineIgnore.Waive(InlineIgnore.ReadAll(again.File.UpText), RuleCatalog.Judge(again), again.Script)
                .Select(finding => ReviewMemory.Waive(waivers, finding)).Where(finding => RuleCatalog.Find(finding.Rule) is { } rule && request.Selects(rule) && finding.WaivedBy is null && finding.Severity >= Severity.Warning));
            schema = again.After;
        }

        return found;
    }

    private (MigrationReplay Replay, PartialScript Script) Replay(RewrittenFile file, SchemaModel schema)
    {
        var again = MigrationFile.Read(new MigrationSource(file.Name, file.Text));
        var script = PartialScript.Parse(again.UpText);
        return (MigrationReplay.Run(again, script.Script, schema, request.PgVersion, request.Transaction, script.Refused, library), script);
    }
}
