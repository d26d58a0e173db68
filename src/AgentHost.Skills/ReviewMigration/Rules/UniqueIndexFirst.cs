using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>The safe form of ADD UNIQUE and ADD PRIMARY KEY: a unique index built concurrently, then the constraint on top of it.</summary>
internal static class UniqueIndexFirst
{
    /// <summary>The steps, each in a transaction of its own.</summary>
    public static Fix Fix(StatementContext context, AlterTable alter, TableConstraint key)
    {
        bool isPrimary = key.Kind == ConstraintKind.PrimaryKey;
        string table = SqlIdentifier.Quote(alter.Table);
        string name = SqlIdentifier.Quote(key.Name
            ?? context.Schema.Apply(context.Statement).Table(alter.Table)?.Constraints.LastOrDefault(constraint => constraint.Kind == key.Kind && constraint.Span == key.Span)?.Name
            ?? (isPrimary ? alter.Table.Name + "_pkey" : $"{alter.Table.Name}_{string.Join('_', key.Columns)}_key"));
        string columns = string.Join(", ", key.Columns.Select(SqlIdentifier.Quote));
        string include = key.Include.IsEmpty ? "" : $" INCLUDE ({string.Join(", ", key.Include.Select(SqlIdentifier.Quote))})";
        var steps = new List<string>();
        if (isPrimary && key.Columns.Where(column => context.Schema.Table(alter.Table)?.Column(column) is not { IsNotNull: true }).ToList() is { Count: > 0 } nullable)
        {
            string check = SqlIdentifier.Quote(alter.Table.Name + "_key_present");
            steps.Add($"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({string.Join(" AND ", nullable.Select(column => SqlIdentifier.Quote(column) + " IS NOT NULL"))}) NOT VALID;");
            steps.Add($"ALTER TABLE {table} VALIDATE CONSTRAINT {check};");
            steps.AddRange(nullable.Select(column => $"ALTER TABLE {table} ALTER COLUMN {SqlIdentifier.Quote(column)} SET NOT NULL;"));
            steps.Add($"ALTER TABLE {table} DROP CONSTRAINT {check};");
        }

        steps.Add($"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns}){include}{(key.NullsNotDistinct ? " NULLS NOT DISTINCT" : "")};");
        steps.Add($"ALTER TABLE {table} ADD CONSTRAINT {name} {(isPrimary ? "PRIMARY KEY" : "UNIQUE")} USING INDEX {name};");
        return new("Unique index concurrently, then the constraint on it; no transaction around them", string.Join('\n', steps));
    }
}
