using System.Collections.Immutable;
using AgentHost.Skills.DesignSchema.Following;
using AgentHost.Skills.DesignSchema.Model;
using AgentHost.Skills.DesignSchema.Output;
using AgentHost.Skills.DesignSchema.Physical;
using AgentHost.Skills.DesignSchema.Proof;

namespace AgentHost.Skills.DesignSchema;

/// <summary>Turns a model of entities and access patterns into a PostgreSQL schema, and shows it only after it has run.</summary>
public static class DesignSchemaEngine
{
    /// <summary>The forms a design can be given in.</summary>
    public static ImmutableArray<string> KnownTargets { get; } = ["postgresql", "mermaid"];

    /// <summary>The oldest and newest PostgreSQL major version that DDL is written for, and the one taken where none is named.</summary>
    public const int OldestVersion = 14, NewestVersion = 18, DefaultVersion = 17;

    /// <summary>Designs, proves, and returns the files.</summary>
    /// <exception cref="SkillInputException">The model or the request is wrong (every problem with line and column), or the proof failed (PostgreSQL's words).</exception>
    public static async Task<DesignResult> RunAsync(DesignRequest request, CancellationToken ct = default)
    {
        var targets = Targets(request.Targets);
        var version = request.PgVersion ?? DefaultVersion;
        if (version is < OldestVersion or > NewestVersion)
            throw new SkillInputException($"PostgreSQL {version} is not a version that DDL is written for; choose {OldestVersion} to {NewestVersion}.");
        var problems = new ProblemList();
        var log = new DecisionLog();
        var model = ModelReader.Read(request.ModelText, problems, ct);
        if (model is null || problems.Any && model.Entities.IsEmpty)
            problems.ThrowIfAny();
        var choices = request.Memory?.Choices();
        if (choices is not null)
        {
            (model, var followed) = DecisionFollower.Apply(model!, choices);
            followed.Tell(log);
        }
        var schema = PhysicalDesigner.Design(model!, version, problems, log);
        problems.ThrowIfAny();
        var (up, down) = (PostgresDdl.Up(schema!, version), PostgresDdl.Down(schema!, version));
        var proof = await SchemaProof.RunAsync(schema!, up, down, version, log, request.Progress, ct);
        return new DesignResult(schema!.Name, version, Files(schema, targets, up, down, version), log.Decisions, proof, log.Warnings)
            .Recalling(request.Memory, schema.Tables.Select(t => t.Name), [], request.ModelText)
            .Proposing(request.Memory, choices is null ? [] : DesignProposals.Of(model!, schema, proof, choices));
    }

    private static ImmutableArray<string> Targets(ImmutableArray<string> asked)
    {
        if (asked.IsDefaultOrEmpty)
            return KnownTargets;
        var unknown = asked.Where(t => !KnownTargets.Contains(t, StringComparer.OrdinalIgnoreCase)).ToList();
        if (unknown.Count > 0)
            throw new SkillInputException($"Unknown target {string.Join(", ", unknown.Select(t => $"'{Names.Shorten(t)}'"))}; known: {string.Join(", ", KnownTargets)}.");
        return [.. asked.Select(t => t.ToLowerInvariant()).Distinct(StringComparer.Ordinal)];
    }

    private static ImmutableArray<DesignFile> Files(PhysicalSchema schema, ImmutableArray<string> targets, string up, string down, int version)
    {
        var files = ImmutableArray.CreateBuilder<DesignFile>();
        if (targets.Contains("postgresql"))
        {
            var about = $"-- {schema.Name}{(schema.Description is { } d ? $": {d.ReplaceLineEndings(" ").Trim()}" : "")}\n";
            files.Add(new DesignFile("schema.sql", $"{about}-- For PostgreSQL {version}. Generated from the model by AgentHost's schema designer; change the model, not this file.\n\n{up}"));
            files.Add(new DesignFile($"migrations/0001_create_{schema.Name}.up.sql", $"{about}-- Run in one transaction. Every table is new, so nothing that is in use is locked.\n\n{up}"));
            files.Add(new DesignFile($"migrations/0001_create_{schema.Name}.down.sql", $"{about}-- Undoes 0001_create_{schema.Name}.up.sql, rows and all.\n\n{down}"));
        }
        if (targets.Contains("mermaid"))
            files.Add(new DesignFile("erd.mmd", MermaidDiagram.Draw(schema)));
        return files.ToImmutable();
    }
}
