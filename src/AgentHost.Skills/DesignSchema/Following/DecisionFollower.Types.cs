using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Skills.DesignSchema.Model;

namespace AgentHost.Skills.DesignSchema.Following;

internal sealed partial class DecisionFollower
{
    private const string Utc = "(now() AT TIME ZONE 'UTC')";

    private Entity Attributes(Entity entity) => entity with
    {
        Attributes = [.. entity.Attributes.Select(a => a.Type switch
        {
            { Family: ValueFamily.Enum } => Enum(entity, a),
            { Word: "money" } => Money(entity, a),
            { Family: ValueFamily.Text, MaxLength: not null } => Text(entity, a),
            _ => a,
        })],
    };

    private EntityAttribute Enum(Entity entity, EntityAttribute attribute)
    {
        if (Chosen(Subject.Enums, entity) is not { } by || !Knows(by, entity.Table))
            return attribute;
        if (attribute.Type.Lookup is { } asked && asked != (by.Choice.Value == "lookup-table"))
        {
            followed.Depart(by, entity.Table, $"{attribute.Name} is {(asked ? "a lookup table" : "text with CHECK")}", asked ? "lookup-table" : "check");
            return attribute;
        }
        followed.Follow(by, entity.Table);
        return attribute with { Type = attribute.Type with { Lookup = by.Choice.Value == "lookup-table", IsNativeEnum = by.Choice.Value == "enum-type" } };
    }

    private EntityAttribute Text(Entity entity, EntityAttribute attribute)
    {
        if (Chosen(Subject.Texts, entity) is not { } by || !Knows(by, entity.Table))
            return attribute;
        followed.Follow(by, entity.Table);
        return by.Choice.Value == "varchar" ? attribute with { Type = attribute.Type with { SqlType = $"varchar({attribute.Type.MaxLength})" } } : attribute;
    }

    private EntityAttribute Money(Entity entity, EntityAttribute attribute)
    {
        if (Chosen(Subject.Money, entity) is not { } by || !Knows(by, entity.Table))
            return attribute;
        if (by.Choice.Value == "numeric")
        {
            followed.Follow(by, entity.Table);
            return attribute;
        }
        // Conditions are the model's own SQL, in whole units; nobody but its author can tell what they mean in cents.
        if (attribute.Check is not null || entity.Checks.Any(check => check.Contains(attribute.Name, StringComparison.Ordinal)))
        {
            followed.CannotFollow(by, entity.Table, $"{attribute.Name} stands in a condition written in whole units; write the attribute as bigint and the condition in the smallest unit");
            return attribute;
        }
        var (start, least, most) = (Cents(attribute.Default), Cents(attribute.Type.Minimum), Cents(attribute.Type.Maximum));
        if ((start, least, most) is not ({ } d, { } l, { } m))
        {
            followed.CannotFollow(by, entity.Table, $"{attribute.Name} has a default or a limit that is no whole number of the smallest unit");
            return attribute;
        }
        followed.Follow(by, entity.Table);
        return attribute with
        {
            Type = attribute.Type with { SqlType = "bigint", Minimum = Null(l), Maximum = Null(m) },
            Default = Null(d),
            Description = $"{(attribute.Description is { Length: > 0 } says ? says.TrimEnd('.', ' ') + ". " : "")}In the smallest unit of the currency (cents).",
        };

        static string? Null(string text) => text.Length == 0 ? null : text;
    }

    // Empty for none; null where it does not come out even.
    private static string? Cents(string? units)
    {
        if (units is null)
            return "";
        return decimal.TryParse(units, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) < 1e15m && value * 100 == Math.Truncate(value * 100)
            ? (value * 100).ToString("0", CultureInfo.InvariantCulture) : null;
    }

    // created_at, updated_at and the trigger are the same in every table, so the whole design is one or the other.
    private bool Timestamps(ImmutableArray<Entity> entities)
    {
        var chosen = entities.Select(e => (Entity: e, By: Chosen(Subject.Timestamps, e))).Where(c => c.By is not null).ToList();
        foreach (var (entity, by) in chosen.Where(c => c.By!.Choice.Value == "timestamptz"))
            followed.Follow(by!, entity.Table);
        var plain = chosen.Where(c => c.By!.Choice.Value == "timestamp").ToList();
        var all = plain.Count > 0 && plain.Count == entities.Length;
        foreach (var (entity, by) in plain)
        {
            if (all)
                followed.Follow(by!, entity.Table);
            else
                followed.CannotFollow(by!, entity.Table, "the tables of one design have one type of instant, and the others are timestamptz");
        }
        foreach (var (entity, by) in chosen.Where(c => c.By!.Choice.Value is not ("timestamp" or "timestamptz")))
            Knows(by!, entity.Table);
        return all;
    }

    private static Entity WithoutZone(Entity entity) => entity with
    {
        Attributes = [.. entity.Attributes.Select(a => a.Type.Family != ValueFamily.Instant ? a : a with
        {
            Type = a.Type with { SqlType = "timestamp" },
            Default = a.Default == "now()" ? Utc : a.Default,
        })],
    };
}
