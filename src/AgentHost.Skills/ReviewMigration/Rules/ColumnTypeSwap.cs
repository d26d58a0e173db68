using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>
/// The steps that change a column's type without stopping anybody: a new column, kept in step by a trigger, given all that hangs on the old one,
/// and switched by name in one short transaction. What the schema says hangs on the column is carried over or named.
/// </summary>
internal sealed class ColumnTypeSwap(StatementContext context, AlterTable alter, AlterColumnType change)
{
    private readonly TableModel? table = context.Schema.Table(alter.Table);
    private readonly string name = SqlIdentifier.Quote(alter.Table);
    private readonly string old = SqlIdentifier.Quote(change.Column);
    private readonly string next = SqlIdentifier.Quote(change.Column + "_new");
    private readonly string kept = SqlIdentifier.Quote(change.Column + "_old");
    private readonly List<string> steps = [];
    private readonly List<string> atSwitch = [];
    private readonly List<string> byHand = [];

    /// <summary>The fix.</summary>
    public Fix Fix()
    {
        Expand();
        if (table?.Column(change.Column) is { } column)
            Carry(table, column);
        else
            byHand.Add($"NOT NULL, default, keys, indexes, checks, foreign keys and views of {old}: give the schema and they are listed here");
        Switch();
        return new("New column, batches, switch; each step in a transaction of its own", string.Join('\n', steps));
    }

    private string Named(string suffix) => SqlIdentifier.Quote($"{alter.Table.Name}_{change.Column}_{suffix}");

    private void Expand()
    {
        string value = change.Using is { } conversion ? Renamed(conversion.Text, $"NEW.{old}") : $"NEW.{old}::{change.Type}";
        steps.Add($"ALTER TABLE {name} ADD COLUMN {next} {change.Type};");
        steps.Add($"CREATE FUNCTION {Named("sync")}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.{next} := {value}; RETURN NEW; END $$;");
        steps.Add($"CREATE TRIGGER {Named("sync")} BEFORE INSERT OR UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION {Named("sync")}();");
        steps.Add($"-- fill {next} in batches: UPDATE {name} SET {old} = {old} WHERE {next} IS NULL AND … (a range of the key); then:");
    }

    private void Carry(TableModel model, ColumnModel column)
    {
        if (column.IsNotNull)
        {
            steps.Add($"ALTER TABLE {name} ADD CONSTRAINT {Named("present")} CHECK ({next} IS NOT NULL) NOT VALID;");
            steps.Add($"ALTER TABLE {name} VALIDATE CONSTRAINT {Named("present")};");
            // Two statements: in one, the proof would be dropped before it is used.
            atSwitch.Add($"ALTER TABLE {name} ALTER COLUMN {next} SET NOT NULL;");
            atSwitch.Add($"ALTER TABLE {name} DROP CONSTRAINT {Named("present")};");
        }

        foreach (var index in model.Indexes.Where(index => index.Uses(change.Column)))
            Carry(index);
        foreach (var constraint in model.Constraints)
            Carry(constraint);
        // The old column goes on being written by nobody, so that it must not insist on a value.
        if (column.IsNotNull && !IsPrimary(model))
            atSwitch.Add($"ALTER TABLE {name} ALTER COLUMN {old} DROP NOT NULL;");
        CarryDefault(column);
        foreach (var dependent in Dependents.OfColumn(context.Schema, alter.Table, change.Column))
            byHand.Add(dependent.Relation == model.Name ? dependent.Name : dependent.Name + " (make it anew on the new column)");
        if (model.PartitionKey.Contains(change.Column))
            byHand.Add("the partition key, which no column can leave: make a new table instead");
    }

    private bool IsPrimary(TableModel model) => model.PrimaryKey?.Columns.Contains(change.Column) == true;

    private void Carry(IndexModel index)
    {
        string made = SqlIdentifier.Quote(index.Name + "_new");
        if (index.Keys.Any(key => key.Column is null || key.OperatorClass is not null) || index.Predicate is not null)
        {
            byHand.Add($"index {SqlIdentifier.Quote(index.Name)} (its expressions, operator classes or predicate)");
            return;
        }

        if (index.Constraint is not null && !index.IsUnique)
        {
            byHand.Add($"exclusion constraint {SqlIdentifier.Quote(index.Name)}");
            return;
        }

        string keys = string.Join(", ", index.Keys.Select(key => Swapped(key.Column!) + (key.Descending ? " DESC" : "") + (key.NullsFirst == key.Descending ? "" : key.NullsFirst ? " NULLS FIRST" : " NULLS LAST")));
        string include = index.Include.IsEmpty ? "" : $" INCLUDE ({string.Join(", ", index.Include.Select(Swapped))})";
        string method = index.Method == "btree" ? "" : $" USING {SqlIdentifier.Quote(index.Method)}";
        steps.Add($"CREATE {(index.IsUnique ? "UNIQUE " : "")}INDEX CONCURRENTLY {made} ON {name}{method} ({keys}){include};");
        if (index.Constraint is null)
            return;
        string kind = index.IsPrimary ? "PRIMARY KEY" : "UNIQUE";
        string constraint = SqlIdentifier.Quote(index.Constraint);
        atSwitch.Add($"ALTER TABLE {name} DROP CONSTRAINT {constraint}, ADD CONSTRAINT {constraint} {kind} USING INDEX {made};");
        if (index.IsPrimary)
            atSwitch.Add($"ALTER TABLE {name} ALTER COLUMN {old} DROP NOT NULL;");
    }

    private void Carry(TableConstraint constraint)
    {
        string made = SqlIdentifier.Quote(constraint.Name + "_new");
        if (constraint.Kind == ConstraintKind.ForeignKey && constraint.Columns.Contains(change.Column))
        {
            string target = SqlIdentifier.Quote(constraint.References!) + (constraint.ReferencedColumns.IsEmpty ? "" : $" ({string.Join(", ", constraint.ReferencedColumns.Select(SqlIdentifier.Quote))})");
            string actions = (constraint.OnDelete is { } delete ? $" ON DELETE {delete}" : "") + (constraint.OnUpdate is { } update ? $" ON UPDATE {update}" : "");
            steps.Add($"ALTER TABLE {name} ADD CONSTRAINT {made} FOREIGN KEY ({string.Join(", ", constraint.Columns.Select(Swapped))}) REFERENCES {target}{actions} NOT VALID;");
            steps.Add($"ALTER TABLE {name} VALIDATE CONSTRAINT {made};");
        }
        else if (constraint is { Kind: ConstraintKind.Check, Check: { } check } && check.Columns.Contains(change.Column))
        {
            steps.Add($"ALTER TABLE {name} ADD CONSTRAINT {made} CHECK ({Renamed(check.Text, next)}) NOT VALID;");
            steps.Add($"ALTER TABLE {name} VALIDATE CONSTRAINT {made};");
        }
    }

    private void CarryDefault(ColumnModel column)
    {
        if (column.IsIdentity)
            byHand.Add($"identity of {old}: drop it there and add it to the new column, starting behind the highest value");
        else if (column.Type.IsSerial)
            byHand.Add($"the sequence of {old}: set it as default of the new column, ALTER SEQUENCE … OWNED BY it");
        else if (column.Default is { } value)
            atSwitch.Add($"ALTER TABLE {name} ALTER COLUMN {next} SET DEFAULT {value.Text};");
    }

    private void Switch()
    {
        string[] rename = [$"ALTER TABLE {name} RENAME COLUMN {old} TO {kept};", $"ALTER TABLE {name} RENAME COLUMN {next} TO {old};"];
        string[] all =
        [
            "BEGIN;", "SET LOCAL lock_timeout = '2s';", $"DROP TRIGGER {Named("sync")} ON {name};", .. atSwitch, .. rename, "COMMIT;",
        ];
        if (byHand.Count > 0)
        {
            steps.AddRange(byHand.Select(item => $"-- carry over by hand, in the switch below: {item}"));
            steps.Add("-- the switch, once all that is in it:");
            steps.AddRange(all.Select(step => "--   " + step));
        }
        else
        {
            steps.AddRange(all);
        }

        steps.Add($"-- in a later release: DROP FUNCTION {Named("sync")}; ALTER TABLE {name} DROP COLUMN {kept};");
    }

    private string Swapped(string column) => column == change.Column ? next : SqlIdentifier.Quote(column);

    /// <summary>An expression with the column put as something else wherever it is named.</summary>
    private string Renamed(string text, string by) =>
        Regex.Replace(text, $@"(?<![\w"".]){Regex.Escape(old)}(?![\w""(])", by.Replace("$", "$$", StringComparison.Ordinal), RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
}
