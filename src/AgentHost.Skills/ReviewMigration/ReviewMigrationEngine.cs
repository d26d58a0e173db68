using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Reviews migrations: parses, replays the schema, judges each statement in its context and, if asked, runs them to see.</summary>
public static class ReviewMigrationEngine
{
    /// <summary>The oldest and newest major version that can be a target.</summary>
    public const int OldestVersion = 10, NewestVersion = 18;

    /// <summary>The version whose grammar the parser has.</summary>
    private const int GrammarVersion = 17;

    /// <summary>Reviews all files of a request.</summary>
    /// <exception cref="SkillInputException">No file was given, the version is out of range, or a text cannot be read at all.</exception>
    /// <exception cref="AgentHost.Postgres.PostgresUnavailableException">A proof is asked for and the private server cannot be started.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async Task<ReviewResult> RunAsync(ReviewRequest request, CancellationToken ct = default)
    {
        Check(request);
        var schemaScripts = request.Schema.Select(source => (source.Name, Script: Read(source))).ToImmutableArray();
        var schema = schemaScripts.Aggregate(SchemaModel.Empty, (model, source) => model.Apply(source.Script));
        await using var proof = request.Prove ? new MigrationProof(schemaScripts, request.Progress) : null;
        var files = ImmutableArray.CreateBuilder<ReviewedFile>(request.Files.Length);
        foreach (var source in request.Files)
        {
            ct.ThrowIfCancellationRequested();
            request.Progress?.Report($"Reviewing {source.Name}");
            var (file, after) = await ReviewAsync(source, schema, request, proof, ct);
            files.Add(file);
            if (request.InOrder)
                schema = after;
        }

        var reviewed = ReviewMemory.NoteIdleWaivers(request.Memory, files.DrainToImmutable());
        return new(reviewed, ReviewMemory.Precedents(request.Memory, reviewed));
    }

    private static void Check(ReviewRequest request)
    {
        if (request.Files.IsDefaultOrEmpty)
            throw new SkillInputException("There is no migration to review. Give at least one file or its SQL text.");
        if (request.PgVersion is < OldestVersion or > NewestVersion)
            throw new SkillInputException($"PostgreSQL {request.PgVersion} is not known here. Give a major version from {OldestVersion} to {NewestVersion}.");
    }

    private static async Task<(ReviewedFile File, SchemaModel After)> ReviewAsync(
        MigrationSource source, SchemaModel schema, ReviewRequest request, MigrationProof? proof, CancellationToken ct)
    {
        var file = MigrationFile.Read(source);
        MigrationReplay replay;
        try
        {
            replay = MigrationReplay.Run(file, SqlParser.Parse(file.UpText), schema, request.PgVersion, request.Transaction);
        }
        catch (SqlSyntaxException syntax)
        {
            return (Reviewed(source.Name, [Unparsed(file, syntax, request.PgVersion)], null, request), schema);
        }
        catch (SqlInputException unusable)
        {
            throw new SkillInputException($"{source.Name}: {unusable.Message}", unusable);
        }

        var findings = RuleCatalog.All.SelectMany(rule => rule.Judge(replay)).ToImmutableArray();
        IReadOnlyList<string>? notes = null;
        if (proof is not null)
            (findings, notes) = await proof.AttachAsync(replay, findings, request.InOrder, ct);
        return (Reviewed(source.Name, findings, notes, request), replay.After);
    }

    private static ReviewedFile Reviewed(string name, IEnumerable<Finding> findings, IReadOnlyList<string>? notes, ReviewRequest request)
    {
        ImmutableArray<Finding> ordered =
        [
            .. findings.Select(finding => ReviewMemory.Waive(request.Memory, finding))
                .OrderBy(finding => finding.Span.Start).ThenByDescending(finding => finding.Severity).ThenBy(finding => finding.Rule, StringComparer.Ordinal),
        ];
        var verdict = ordered.Where(finding => finding.WaivedBy is null).Select(finding => (Severity?)finding.Severity).Max() switch
        {
            Severity.Error => Verdict.Unsafe,
            Severity.Warning => Verdict.Caution,
            _ => Verdict.Safe,
        };
        return new(name, verdict, ordered) { Notes = notes };
    }

    /// <summary>A text that the grammar refuses; where the target is newer than the grammar, that is a doubt and no verdict.</summary>
    private static Finding Unparsed(MigrationFile file, SqlSyntaxException syntax, int pgVersion)
    {
        string line = file.UpText.Split('\n').ElementAtOrDefault(syntax.Span.Line - 1) ?? "";
        bool isNewer = pgVersion > GrammarVersion;
        return new Finding
        {
            Rule = isNewer ? "other-advice" : "invalid-sql",
            Severity = isNewer ? Severity.Warning : Severity.Error,
            Span = syntax.Span,
            Statement = StatementText.Shorten(line),
            Message = isNewer
                ? $"Not reviewed: PostgreSQL {GrammarVersion}'s grammar says {syntax.Reason}. If this is syntax of version {pgVersion}, review the other statements without it."
                : $"PostgreSQL refuses the file: {syntax.Reason}. Nothing in it was reviewed.",
            IsAdvice = isNewer,
            Evidence = [new Stated(syntax.Reason, $"PostgreSQL {GrammarVersion}'s grammar")],
        };
    }

    private static Script Read(MigrationSource source)
    {
        try
        {
            return SqlParser.Parse(MigrationFile.Read(source).UpText);
        }
        catch (SqlInputException unusable)
        {
            throw new SkillInputException($"The schema {source.Name} cannot be read: {unusable.Message}", unusable);
        }
    }
}
