using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;
using AgentHost.Skills.DesignSchema.Model;

namespace AgentHost.Skills.DesignSchema.Following;

/// <summary>
/// Fills what a model leaves open with what the project's decisions in force chose, table by table. What the model says itself stands; that it departs from
/// a decision is told.
/// </summary>
internal sealed partial class DecisionFollower
{
    private static readonly ImmutableArray<string> TenantWords = ["tenant", "organization", "organisation", "org", "account", "workspace", "company"];

    private readonly DesignModel model;
    private readonly DecisionChoices choices;
    private readonly FollowedDecisions followed;

    private DecisionFollower(DesignModel model, DecisionChoices choices) => (this.model, this.choices, followed) = (model, choices, new FollowedDecisions(model.Entities.Length));

    /// <summary>The model with its gaps filled, and what was followed.</summary>
    public static (DesignModel Model, FollowedDecisions Followed) Apply(DesignModel model, DecisionChoices choices)
    {
        var follower = new DecisionFollower(model, choices);
        return (follower.Run(), follower.followed);
    }

    private DesignModel Run()
    {
        var singular = model.Entities.Where(e => !e.HasTable && Chosen(Subject.TableNames, e) is { Choice.Value: "singular" }).Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        var entities = model.Entities.Select(e => Attributes(SoftDelete(Keys(Table(e))))).ToImmutableArray();
        Columns(entities);
        var plain = Timestamps(entities);
        return model with
        {
            Entities = plain ? [.. entities.Select(WithoutZone)] : entities,
            TenantEntity = Tenant(),
            Options = model.Options with { SingularTables = singular.Count > 0 && singular.Count == model.Entities.Count(e => !e.HasTable), PlainTimestamps = plain },
        };
    }

    // A scope may name the table as it is called now, or as it would be called in the other number.
    private ChosenBy? Chosen(string subject, Entity entity)
    {
        var everywhere = choices.For(subject, null);
        return new[] { entity.Table, entity.Name, Names.Pluralize(entity.Name) }.Select(name => choices.For(subject, $"public.{name}"))
            .FirstOrDefault(by => by is not null && by.Decision.Id != everywhere?.Decision.Id) ?? everywhere;
    }

    private Entity Table(Entity entity)
    {
        if (Chosen(Subject.TableNames, entity) is not { } by || !Knows(by, entity.Table))
            return entity;
        var name = by.Choice.Value == "singular" ? entity.Name : Names.Pluralize(entity.Name);
        if (!entity.HasTable)
        {
            followed.Follow(by, name);
            return entity with { Table = name };
        }
        if (entity.Table != name)
            followed.Depart(by, entity.Table, $"a table is called {entity.Table}, not {name}", by.Choice.Value == "singular" ? "plural" : "singular");
        return entity;
    }

    private Entity Keys(Entity entity)
    {
        if (Chosen(Subject.Keys, entity) is not { } by)
            return entity;
        if (by.Choice.Value == "natural")
        {
            followed.CannotFollow(by, entity.Table, "the designer gives every entity a key of its own; mark the natural key 'unique', which holds it just as well");
            return entity;
        }
        if (!Knows(by, entity.Table))
            return entity;
        var keys = by.Choice.Value switch { "uuidv7" => KeyStrategy.Uuid, "uuidv4" => KeyStrategy.UuidV4, _ => KeyStrategy.Identity };
        if (entity.HasKeys && entity.Keys != keys)
        {
            var (words, value) = entity.Keys switch { KeyStrategy.Uuid => ("UUID version 7", "uuidv7"), KeyStrategy.UuidV4 => ("UUID version 4", "uuidv4"), _ => ("bigint identity", "bigint-identity") };
            followed.Depart(by, entity.Table, $"primary keys are {words}", value);
            return entity;
        }
        followed.Follow(by, entity.Table);
        return entity with { Keys = keys };
    }

    private Entity SoftDelete(Entity entity)
    {
        if (Chosen(Subject.SoftDelete, entity) is not { } by || !Knows(by, entity.Table))
            return entity;
        var soft = by.Choice.Value == "deleted-at";
        if (entity.HasSoftDelete && entity.SoftDelete != soft)
        {
            followed.Depart(by, entity.Table, entity.SoftDelete ? "deleted rows stay, with deleted_at" : "deleted rows are really deleted", entity.SoftDelete ? "deleted-at" : "none");
            return entity;
        }
        followed.Follow(by, entity.Table);
        return entity with { SoftDelete = soft };
    }

    private NameReference? Tenant()
    {
        if ((choices.For(Subject.Tenancy, null) ?? model.Entities.Select(e => Chosen(Subject.Tenancy, e)).FirstOrDefault(by => by is not null)) is not { } by || !Knows(by, null))
            return model.TenantEntity;
        var isShared = by.Choice.Value == "shared";
        if (model.HasTenancy)
        {
            if (isShared == model.TenantEntity is not null)
                followed.Follow(by, null);
            else
                followed.Depart(by, null, isShared ? "no tenancy" : "tenants share the tables", isShared ? "none" : "shared");
            return model.TenantEntity;
        }
        if (!isShared)
        {
            followed.Follow(by, null);
            return null;
        }
        if (model.Entities.Where(e => TenantWords.Contains(e.Name)).ToList() is [var only])
        {
            followed.Follow(by, null);
            return only.Id;
        }
        followed.CannotFollow(by, null, "the model does not say whose rows they are; add tenancy: {mode: shared, entity: …}, or tenancy: none to depart from it");
        return null;
    }

    private void Columns(ImmutableArray<Entity> entities)
    {
        foreach (var entity in entities)
        {
            if (Chosen(Subject.ColumnNames, entity) is not { } by)
                continue;
            if (by.Choice.Value == "camel-case")
                followed.CannotFollow(by, entity.Table, "the designer writes snake case only, since PostgreSQL folds unquoted names to lower case: map the names in the application");
            else if (Knows(by, entity.Table))
                followed.Follow(by, entity.Table);
        }
    }

    private bool Knows(ChosenBy by, string? table)
    {
        if (Subject.All.ContainsKey((by.Choice.Subject, by.Choice.Value)))
            return true;
        followed.CannotFollow(by, table, $"the designer does not know this choice; it knows {string.Join(", ", Subject.All.Keys.Where(k => k.Subject == by.Choice.Subject).Select(k => k.Value))}");
        return false;
    }
}
