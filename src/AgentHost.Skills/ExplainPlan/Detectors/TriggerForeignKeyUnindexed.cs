using AgentHost.Sql;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Foreign keys that point to the changed table search the referencing tables row by row: their columns have no index.</summary>
internal sealed class TriggerForeignKeyUnindexed : IPlanDetector
{
    private const string Name = "trigger-fk-unindexed";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        var slow = plan.Triggers.Where(t => t.Constraint is not null && LooksForReferences(plan, t) && t.Calls > 0 && t.Ms / t.Calls >= Thresholds.TriggerCallMs).OrderByDescending(t => t.Ms).ToList();
        var impact = slow.Sum(t => t.Ms);
        if (slow.Count == 0 || plan.ShareOf(impact) < Thresholds.TriggerShare || !plan.Matters(impact))
            yield break;
        // Those that take a small part beside the worst are no cause.
        slow.RemoveAll(t => t.Ms < Thresholds.MisestimateShare * impact);
        yield return new Suspicion
        {
            Id = Name,
            Node = plan.Root,
            Impact = impact,
            Message = $"The foreign key{(slow.Count == 1 ? "" : "s")} {string.Join(", ", slow.Select(t => $"{t.Constraint} ({Figures.Count(t.Calls)} × {Figures.Ms(t.Ms / t.Calls)})"))} took {Figures.Ms(impact)} of {Figures.Ms(plan.ExecutionMs ?? impact)}: each changed row is looked for in the referencing table.",
            Advice = string.Join(" ", slow.Select(t => Advise(plan, t))) + " If the index is there, the time goes into the rows that ON DELETE or ON UPDATE changes: change them in a statement of their own first.",
            Evidence = Figures.Rows(plan, impact, [.. slow.Select(t => ($"trigger of {t.Constraint}", t.Ms, "ms")), .. slow.Select(t => ($"calls of {t.Constraint}", t.Calls, "calls"))]),
        };
    }

    /// <summary>Whether the trigger searches the referencing table, as on DELETE; that of an INSERT finds the referenced row by its key.</summary>
    private static bool LooksForReferences(QueryPlan plan, PlanTrigger trigger) =>
        trigger.Name.Contains("_a_", StringComparison.Ordinal)
        || (!trigger.Name.StartsWith("RI_ConstraintTrigger_c_", StringComparison.Ordinal) && plan.Nodes.Any(n => n.Operation is "Delete" or "Update" or "Merge"));

    private static string Advise(QueryPlan plan, PlanTrigger trigger)
    {
        var constraint = trigger.Constraint!;
        var referenced = trigger.Relation ?? plan.Nodes.FirstOrDefault(n => n.Operation is not null)?.Relation;
        return Guess(constraint, referenced) is var (table, column) && table.Length > 0
            ? $"CREATE INDEX CONCURRENTLY ON {SqlIdentifier.Quote(table)} ({SqlIdentifier.Quote(column)}); (by the constraint's name; \\d {table} shows its columns)."
            : $"Index the referencing columns of {constraint}: SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{constraint.Replace("'", "''", StringComparison.Ordinal)}'; names them.";
    }

    /// <summary>Table and column of a name made by PostgreSQL, <c>orders_customer_id_fkey</c>: the column most often begins as the referenced table does.</summary>
    private static (string Table, string Column) Guess(string constraint, string? referenced)
    {
        const string Suffix = "_fkey";
        const int Stem = 4;
        if (referenced is null || !constraint.EndsWith(Suffix, StringComparison.Ordinal))
            return ("", "");
        var name = constraint[..^Suffix.Length];
        var stem = "_" + referenced[..Math.Min(Stem, referenced.Length)];
        var at = name.LastIndexOf(stem, StringComparison.Ordinal);
        if (at > 0)
            return (name[..at], name[(at + 1)..]);
        // One word for the table and one for the column leave no choice.
        at = name.IndexOf('_', StringComparison.Ordinal);
        var column = at > 0 ? name[(at + 1)..] : "";
        return at > 0 && (!column.Contains('_', StringComparison.Ordinal) || (column.EndsWith("_id", StringComparison.Ordinal) && column.Count(c => c == '_') == 1)) ? (name[..at], column) : ("", "");
    }
}
