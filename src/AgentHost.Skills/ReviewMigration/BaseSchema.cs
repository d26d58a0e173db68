using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>The database before the migrations, as far as it could be read.</summary>
/// <param name="Scripts">The SQL that makes it.</param>
/// <param name="Model">What it holds.</param>
/// <param name="Notes">What was left out, for the reader.</param>
internal sealed record BaseSchema(ImmutableArray<(string Name, Script Script)> Scripts, SchemaModel Model, ImmutableArray<string> Notes)
{
    /// <summary>How many refused statements are named.</summary>
    private const int NamedRefusals = 3;

    private const string InvalidMark = "-- INVALID";

    /// <summary>Reads texts and target of a request.</summary>
    /// <exception cref="SkillInputException">A text holds nothing that can be read.</exception>
    public static BaseSchema Read(ReviewRequest request, ImmutableArray<MigrationSource> texts)
    {
        var scripts = ImmutableArray.CreateBuilder<(string, Script)>();
        var refused = new List<string>();
        foreach (var source in texts)
            scripts.Add((source.Name, Read(source, refused)));
        if (request.Target is { } target)
            scripts.Add((target.Database, Read(new(target.Database, target.Ddl), refused)));
        var model = scripts.Aggregate(SchemaModel.Empty, (model, source) => Apply(model, source.Item1, source.Item2, request.PgVersion));
        return new(scripts.ToImmutable(), model, Remarks(refused, request)) { Routines = new(scripts.Select(source => source.Item2)) };
    }

    /// <summary>The functions and procedures, for a migration that calls them.</summary>
    public required RoutineLibrary Routines { get; init; }

    /// <summary>Replays a script; an index behind a line that says INVALID, as the catalogs told it, is none that a query may use.</summary>
    private static SchemaModel Apply(SchemaModel model, string name, Script script, int pgVersion)
    {
        model = After(model, name, script, pgVersion);
        return !script.Text.Contains(InvalidMark, StringComparison.Ordinal)
            ? model
            : script.Statements.OfType<CreateIndex>().Where(index => index.Name is not null && script.Text.AsSpan(0, index.Span.Start).TrimEnd().EndsWith(InvalidMark, StringComparison.Ordinal))
                .Aggregate(model, (all, index) => all.WithInvalidIndex(all.Resolve(index.Table) with { Name = index.Name! }));
    }

    /// <summary>The model behind a script, with what its code does.</summary>
    private static SchemaModel After(SchemaModel before, string name, Script script, int pgVersion) => script.Statements.Any(statement => statement is DoBlock or Call)
        ? MigrationReplay.Run(MigrationFile.Read(new(name, script.Text)), script, before, pgVersion, TransactionMode.Off).After
        : before.Apply(script);

    private static Script Read(MigrationSource source, List<string> refused)
    {
        try
        {
            var read = PartialScript.Parse(MigrationFile.Read(source).UpText);
            if (read.Script.Statements.IsEmpty && read.Refused is [var first, ..])
                throw new SkillInputException($"The schema {source.Name} cannot be read: {first.Reason} in line {first.At.Line}.");
            refused.AddRange(read.Refused.Select(statement => $"{source.Name}, line {statement.At.Line.ToString(CultureInfo.InvariantCulture)} ({statement.Reason})"));
            return read.Script;
        }
        catch (SqlInputException unusable)
        {
            throw new SkillInputException($"The schema {source.Name} cannot be read: {unusable.Message}", unusable);
        }
    }

    private static ImmutableArray<string> Remarks(List<string> refused, ReviewRequest request)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        if (refused.Count > 0)
        {
            notes.Add($"The schema was read without {(refused.Count == 1 ? "a statement" : $"{refused.Count} statements")} that the grammar refuses: "
                + $"{string.Join("; ", refused.Take(NamedRefusals))}{(refused.Count > NamedRefusals ? "; …" : "")}.");
        }

        notes.AddRange(request.Target?.Notes ?? []);
        return notes.ToImmutable();
    }
}
