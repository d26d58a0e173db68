using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using AgentHost.Knowledge.Memory;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Rules;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Reviews migrations: parses, replays the schema, judges each statement in its context and, if asked, runs them to see.</summary>
public static class ReviewMigrationEngine
{
    /// <summary>The oldest and newest major version that can be a target.</summary>
    public const int OldestVersion = 10, NewestVersion = 18;

    /// <summary>How many passed files are named.</summary>
    private const int NamedFiles = 5;

    /// <summary>Reviews all files of a request.</summary>
    /// <exception cref="SkillInputException">No file was given, none holds a statement, the version is out of range, or a text cannot be read at all.</exception>
    /// <exception cref="AgentHost.Postgres.PostgresUnavailableException">A proof is asked for and the private server cannot be started.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async Task<ReviewResult> RunAsync(ReviewRequest request, CancellationToken ct = default)
    {
        Check(request);
        var (sources, downs) = request.InOrder ? WithoutDowns(request.Files) : (request.Files, []);
        var (bases, _) = request.Schema.Length > 1 ? WithoutDowns(request.Schema) : (request.Schema, []);
        var known = BaseSchema.Read(request, bases);
        var schema = known.Model;
        var sizes = request.Target is null ? null : new TargetSizes(request.Target);
        await using var proof = request.Prove ? new MigrationProof(known.Scripts, request.Progress) : null;
        var waivers = request.Memory?.Waivers();
        var files = new ReviewedFile[sources.Length];
        var texts = request.Files.Concat(request.Downs).DistinctBy(source => source.Name, StringComparer.Ordinal).ToDictionary(source => source.Name, source => source.Text, StringComparer.Ordinal);
        int withStatements = 0;
        if (request.InOrder || proof is not null)
        {
            ImmutableArray<Migration> migrations = [.. ReadAll(sources, ct).Select(migration => WithDown(migration, texts))];
            if (request.InOrder)
                migrations = MarkDownless(migrations);
            for (int i = 0; i < files.Length; i++)
            {
                ct.ThrowIfCancellationRequested();
                request.Progress?.Report($"Reviewing {migrations[i].File.Name}");
                (files[i], var after) = await ReviewAsync(migrations[i], schema, request, waivers, sizes, known.Routines, proof, ct);
                if (request.Prove && files[i].Rewrite is { Files.IsEmpty: false } rewrite)
                {
                    var earlier = request.InOrder ? migrations.Take(i).Select(migration => migration.Read.Script) : [];
                    files[i] = files[i] with { Rewrite = await RewriteProof.AttachAsync(rewrite, [.. known.Scripts.Select(source => source.Script), .. earlier], MigrationReplay.Run(migrations[i].File, migrations[i].Read.Script, schema, request.PgVersion, request.Transaction, migrations[i].Read.Refused, known.Routines), request.Transaction, ct) };
                }

                withStatements += migrations[i].HasStatements ? 1 : 0;
                if (request.InOrder)
                    schema = after;
            }
        }
        else
        {
            // Each file is a candidate of its own; read here, so that its tree is gone before the next one's is made.
            await Parallel.ForAsync(0, files.Length, ct, async (i, stop) =>
            {
                var migration = WithDown(Read(sources[i]), texts);
                (files[i], _) = await ReviewAsync(migration, schema, request, waivers, sizes, known.Routines, proof: null, stop);
                if (migration.HasStatements)
                    Interlocked.Increment(ref withStatements);
            });
        }

        if (withStatements == 0)
            throw new SkillInputException(NothingIn(request.Files));

        var reviewed = WaiverDays.Note(request.Memory, ReviewMemory.NoteIdleWaivers(request.Memory, [.. files]));
        return ReviewMemory.Recall(request, new(reviewed) { Notes = Notes([.. known.Notes, .. downs.IsEmpty ? [] : new[] { Passed(downs) }]) });
    }

    private static ImmutableArray<string>? Notes(ImmutableArray<string> notes) => notes.IsEmpty ? null : notes;

    private static void Check(ReviewRequest request)
    {
        if (request.Files.IsDefaultOrEmpty)
            throw new SkillInputException("There is no migration to review. Give at least one file or its SQL text.");
        if (request.PgVersion is < OldestVersion or > NewestVersion)
            throw new SkillInputException($"PostgreSQL {request.PgVersion} is not known here. Give a major version from {OldestVersion} to {NewestVersion}.");
        if (request.Only.Concat(request.Ignore).FirstOrDefault(rule => RuleCatalog.Find(rule) is null) is { } unknown)
            throw new SkillInputException($"There is no rule '{unknown}'. The rules: {string.Join(", ", RuleCatalog.All.Select(rule => rule.Id))}.");
        if (request.Ignore.FirstOrDefault(ReviewMemory.IsFact) is { } fact)
            throw new SkillInputException($"The rule {fact} states what PostgreSQL does; it cannot be ignored.");
    }

    /// <summary>The way up: files that undo others are no steps of it.</summary>
    private static (ImmutableArray<MigrationSource> Ups, ImmutableArray<string> Downs) WithoutDowns(ImmutableArray<MigrationSource> sources)
    {
        var downs = MigrationFolder.Downs(sources.Select(source => source.Name));
        return ([.. sources.Where(source => !downs.Contains(source.Name))], [.. sources.Select(source => source.Name).Where(downs.Contains)]);
    }

    /// <summary>A migration with the file that takes it back, if there is one.</summary>
    private static Migration WithDown(Migration migration, IReadOnlyDictionary<string, string> texts) =>
        texts.Count > 1 && migration.File.Down is null && MigrationFolder.DownOf(migration.File.Name, texts.Keys) is { } name
            ? migration with { File = migration.File with { Down = MigrationDown.Read(name, isSection: false, MigrationFile.Read(new(name, texts[name])).UpText) } }
            : migration;

    /// <summary>Marks those of a folder that nothing takes back, where something does others.</summary>
    private static ImmutableArray<Migration> MarkDownless(ImmutableArray<Migration> migrations) => !migrations.Any(migration => migration.File.Down is { IsSection: false })
        ? migrations
        : [.. migrations.Select(migration => migration with { File = migration.File with { LacksDown = migration.File is { Down: null, DownIsEmpty: false } && !MigrationFolder.IsRepeatable(migration.File.Name) } })];

    private static string Passed(ImmutableArray<string> downs) =>
        $"{(downs.Length == 1 ? "1 file undoes another and was" : $"{downs.Length} files undo others and were")} passed over: {string.Join(", ", downs.Take(NamedFiles).Select(Path.GetFileName))}{(downs.Length > NamedFiles ? ", …" : "")}. Give one by itself to review it.";

    private static string NothingIn(ImmutableArray<MigrationSource> files) => files.Length == 1
        ? $"There is no statement in {(files[0].Name == "-" ? "the standard input" : $"'{files[0].Name}'")}: nothing to review."
        : $"There is no statement to review in any of the {files.Length} files.";

    private static ImmutableArray<Migration> ReadAll(ImmutableArray<MigrationSource> sources, CancellationToken ct)
    {
        var read = new Migration[sources.Length];
        try
        {
            Parallel.For(0, sources.Length, new ParallelOptions { CancellationToken = ct }, i => read[i] = Read(sources[i]));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
        }
        return [.. read];
    }

    private static Migration Read(MigrationSource source)
    {
        var file = MigrationFile.Read(source);
        try
        {
            return new(file, source.Text, PartialScript.Parse(file.UpText));
        }
        catch (SqlSyntaxException error)
        {
            return new(file, source.Text, new PartialScript(new Script(file.UpText, []), [new(new(0, file.UpText.Length, 1, 1), error.Reason, error.Span)]));
        }
        catch (SqlInputException unusable)
        {
            throw new SkillInputException($"{source.Name}: {unusable.Message}", unusable);
        }
    }

    private static async Task<(ReviewedFile File, SchemaModel After)> ReviewAsync(
        Migration migration, SchemaModel schema, ReviewRequest request, Waivers? waivers, TargetSizes? sizes, RoutineLibrary routines, MigrationProof? proof, CancellationToken ct)
    {
        if (!migration.HasStatements)
            return (new(migration.File.Name, Verdict.Safe, []) { Notes = ["There is no statement in it."] }, schema);
        var replay = MigrationReplay.Run(migration.File, migration.Read.Script, schema, request.PgVersion, request.Transaction, migration.Read.Refused, routines);
        var findings = RuleCatalog.Judge(replay)
            .Select(finding => finding.IsElsewhere ? finding with { Fix = null } : FixTransactions.Apart(finding, replay)).ToImmutableArray();
        ImmutableArray<string> notes = [];
        if (proof is not null && !replay.Statements.IsEmpty)
            (findings, notes) = await proof.AttachAsync(replay, findings, request.InOrder, ct);
        // Only behind the proof: what a rule that is left out covers is no discovery of the proof.
        findings = [.. findings.Where(finding => RuleCatalog.Find(finding.Rule) is not { } rule || request.Selects(rule))];
        if (sizes is not null)
            findings = [.. findings.Select(finding => sizes.Attach(finding, replay))];
        findings = [.. UnreadableSql.Judge(migration.File, migration.Read, request.PgVersion), .. findings];
        var ignores = InlineIgnore.ReadAll(migration.File.UpText);
        notes = [.. notes, .. InlineIgnore.Complaints(ignores), .. migration.File.Includes.Take(NamedFiles).Select(file => $"psql would read {file} here; it is not part of this review.")];
        var reviewed = Reviewed(migration.File, InlineIgnore.Waive(ignores, findings, replay.Script), notes, waivers);
        if (request.Fix && !reviewed.Findings.IsEmpty)
            reviewed = reviewed with { Rewrite = new MigrationRewriter(replay, migration.Read, migration.Source, schema, request, waivers, routines).Run(reviewed.Findings) };
        return (reviewed, replay.After);
    }

    private static ReviewedFile Reviewed(MigrationFile file, IEnumerable<Finding> findings, ImmutableArray<string> notes, Waivers? waivers)
    {
        ImmutableArray<Finding> ordered =
        [
            .. findings.Select(finding => ReviewMemory.Waive(waivers, finding))
                .OrderBy(finding => finding.Span.Start).ThenByDescending(finding => finding.Severity).ThenBy(finding => finding.Rule, StringComparer.Ordinal),
        ];
        return new(file.Name, Judge([.. ordered.Where(finding => finding.WaivedBy is null)]), ordered) { Notes = notes.IsEmpty ? null : [.. notes], Source = file.UpText };
    }

    /// <summary>What nobody looked into is not called safe.</summary>
    private static Verdict Judge(ImmutableArray<Finding> counted) => counted.Select(finding => (Severity?)finding.Severity).Max() switch
    {
        Severity.Error => Verdict.Unsafe,
        Severity.Warning => Verdict.Caution,
        _ => counted.Any(finding => finding.Rule == UnreviewedCode.RuleId) ? Verdict.Caution : Verdict.Safe,
    };

    /// <summary>A migration as far as it can be read.</summary>
    private sealed record Migration(MigrationFile File, string Source, PartialScript Read)
    {
        public bool HasStatements => !Read.Script.Statements.IsEmpty || !Read.Refused.IsEmpty;
    }
}
