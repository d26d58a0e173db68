using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>The database before the migrations, as far as it could be read.</summary>
/// <param name="Scripts">The SQL that makes it.</param>
/// <param name="Model">What it holds.</param>
/// <param name="Notes">What was left out, for the reader.</param>
internal sealed record BaseSchema(ImmutableArray<(string Name, Script Script)> Scripts, SchemaModel Model, ImmutableArray<string> Notes)
{
    /// <summary>How many refused statements are named.</summary>
    private const int NamedRefusals = 3;

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
        var model = scripts.Aggregate(SchemaModel.Empty, (model, source) => model.Apply(source.Item2));
        return new(scripts.ToImmutable(), model, Remarks(refused, request));
    }

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
