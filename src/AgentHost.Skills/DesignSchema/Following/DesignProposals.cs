using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;
using AgentHost.Skills.DesignSchema.Model;
using AgentHost.Skills.DesignSchema.Physical;

namespace AgentHost.Skills.DesignSchema.Following;

/// <summary>The design's key choices as one decision, so that the tables to come look like these.</summary>
internal static class DesignProposals
{
    private const string Tag = "design-schema";

    /// <summary>The decision, without what the project has decided already; nothing where that is all.</summary>
    public static IEnumerable<Candidate> Of(DesignModel model, PhysicalSchema schema, DesignProof proof, DecisionChoices choices)
    {
        var chosen = Choices(model).Where(choice => !IsDecided(choices, choice.Subject, schema)).ToList();
        // How columns are written is no decision by itself: nobody has to be told snake case.
        if (chosen.TrueForAll(choice => choice.Subject == Subject.ColumnNames))
            return [];
        var words = string.Join(", ", chosen.Where(choice => choice.Subject != Subject.ColumnNames).Select(choice => Subject.All[choice].Words.Split(':', ',')[0]));
        var text = $"The schema {schema.Name} was designed so and proven on {proof.Server}: {schema.Tables.Length} tables{(proof.AccessPatterns.IsEmpty ? "" : $", {proof.AccessPatterns.Length} access patterns served by their indexes")}.\n"
            + "Tables to come follow it, so that keys, names and deletion are the same everywhere; an exception is a decision with a narrower scope.\n"
            + $"Pages: {string.Join(", ", chosen.Select(choice => Subject.All[choice].Document).Distinct(StringComparer.Ordinal))}.";
        return
        [
            new Candidate(
                new ProposedEntry("decision", $"Schema {schema.Name}: {words}", text)
                {
                    Tags = [Tag, .. chosen.Select(choice => choice.Subject)],
                    Chooses = [.. chosen.Select(choice => $"{choice.Subject} = {choice.Value}")],
                },
                [Tag, .. chosen.Select(choice => choice.Subject)]),
        ];
    }

    private static bool IsDecided(DecisionChoices choices, string subject, PhysicalSchema schema) =>
        choices.For(subject, null) is not null || schema.Tables.Any(table => choices.For(subject, $"public.{table.Name}") is not null);

    // What the model does not mention is no choice of anybody's, but for keys and names, which every table has.
    private static IEnumerable<(string Subject, string Value)> Choices(DesignModel model)
    {
        if (model.Entities.Select(entity => entity.Keys).Distinct().ToList() is [var keys])
            yield return (Subject.Keys, keys switch { KeyStrategy.Uuid => "uuidv7", KeyStrategy.UuidV4 => "uuidv4", _ => "bigint-identity" });
        if (model.Entities.All(entity => entity.Table == Names.Pluralize(entity.Name)))
            yield return (Subject.TableNames, "plural");
        else if (model.Entities.All(entity => entity.Table == entity.Name))
            yield return (Subject.TableNames, "singular");
        yield return (Subject.ColumnNames, "snake-case");
        if (model.Entities.All(entity => entity.HasSoftDelete || entity.SoftDelete) && model.Entities.Select(entity => entity.SoftDelete).Distinct().ToList() is [var soft])
            yield return (Subject.SoftDelete, soft ? "deleted-at" : "none");
        if (model.HasTenancy)
            yield return (Subject.Tenancy, model.TenantEntity is null ? "none" : "shared");
    }
}
