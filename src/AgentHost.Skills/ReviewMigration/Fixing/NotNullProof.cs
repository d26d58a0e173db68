using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>The steps to NOT NULL that read the table under a weak lock: a CHECK that is validated proves it (manual, ALTER TABLE, SET NOT NULL).</summary>
internal static class NotNullProof
{
    /// <summary>The first version that takes the proof.</summary>
    public const int FirstVersion = 12;

    /// <summary>The steps for columns of a table.</summary>
    /// <param name="context">The statement that they stand in for.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="isRequired">What makes them NOT NULL once the proof is there; null for SET NOT NULL itself.</param>
    public static IEnumerable<FixStep> Steps(StatementContext context, QualifiedName table, IReadOnlyCollection<string> columns, FixStep? isRequired = null)
    {
        var (model, name) = (context.Schema.Table(table), SqlIdentifier.Quote(table));
        var missing = columns.Where(column => Unproven(model, column) is null).ToList();
        string? check = missing.Count == 0 ? null : Free(model, missing.Count == 1 ? missing[0] + "_present" : table.Name + "_present");
        if (check is not null)
            yield return new($"ALTER TABLE {name} ADD CONSTRAINT {SqlIdentifier.Quote(check)} CHECK ({string.Join(" AND ", missing.Select(column => $"{SqlIdentifier.Quote(column)} IS NOT NULL"))}) NOT VALID");
        foreach (string proof in columns.Select(column => Unproven(model, column)).Append(check).OfType<string>().Distinct(StringComparer.Ordinal))
            yield return new($"ALTER TABLE {name} VALIDATE CONSTRAINT {SqlIdentifier.Quote(proof)}", FixRun.Fresh);
        if (isRequired is not null)
            yield return isRequired;
        else
            foreach (string column in columns)
                yield return new($"ALTER TABLE {name} ALTER COLUMN {SqlIdentifier.Quote(column)} SET NOT NULL");
        if (check is not null)
            yield return new($"ALTER TABLE {name} DROP CONSTRAINT {SqlIdentifier.Quote(check)}");
    }

    /// <summary>A CHECK of the table that would prove it, were it validated.</summary>
    public static string? Unproven(TableModel? table, string column) => table?.Constraints.FirstOrDefault(constraint =>
        constraint is { Kind: ConstraintKind.Check, NotValid: true } && constraint.Check!.NotNullColumns.Contains(column))?.Name;

    /// <summary>A name that no constraint of the table has.</summary>
    public static string Free(TableModel? table, string name)
    {
        string free = name;
        for (int i = 1; table?.Constraint(free) is not null; i++)
            free = $"{name}{i}";
        return free;
    }
}
