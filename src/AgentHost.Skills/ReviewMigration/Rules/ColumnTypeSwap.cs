using System.Text;
using System.Text.RegularExpressions;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>
/// The steps that change a column's type without stopping anybody: a new column, kept in step by a trigger, filled in batches, given all that hangs on
/// the old one, and put in its place in one short transaction. Where something hangs on it that cannot be carried over, it is named, and the fix is guidance.
/// </summary>
internal sealed class ColumnTypeSwap(StatementContext context, AlterTable alter, AlterColumnType change)
{
    /// <summary>The most bytes of a name.</summary>
    private const int MaxBytes = 63;

    private readonly TableModel? table = context.Schema.Table(alter.Table);
    private readonly string name = SqlIdentifier.Quote(alter.Table);
    private readonly string old = SqlIdentifier.Quote(change.Column);
    private readonly string next = SqlIdentifier.Quote(change.Column + "_new");
    private readonly List<FixStep> steps = [];
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
        string sync = SqlIdentifier.Quote(alter.Table with { Name = Sync });
        List<string> all =
        [
            $"DROP TRIGGER {SqlIdentifier.Quote(Sync)} ON {name}", $"DROP FUNCTION {sync}()",
            $"ALTER TABLE {name} DROP COLUMN {old}", $"ALTER TABLE {name} RENAME COLUMN {next} TO {old}", .. atSwitch,
        ];
        return byHand.Count == 0
            ? Skills.Fix.Of("New column, batches, switch", change.Span, [.. steps, .. all.Select((sql, i) => new FixStep(sql) { IsAtomic = i > 0 })])
            : new("New column, batches, switch; each step in a transaction of its own", Guidance(all));
    }

    private string Sync => $"{alter.Table.Name}_{change.Column}_sync";

    private string Guidance(List<string> all)
    {
        var text = new StringBuilder();
        foreach (var step in steps)
            text.Append(step.Sql).Append(";\n");
        foreach (string item in byHand)
            text.Append("-- carry over by hand, in the switch below: ").Append(item).Append('\n');
        text.Append("-- the switch, once all that is in it:\n--   BEGIN; SET LOCAL lock_timeout = '2s';\n");
        foreach (string sql in all)
            text.Append("--   ").Append(sql).Append(";\n");
        return text.Append("--   COMMIT;").ToString();
    }

    private void Expand()
    {
        string Value(string column) => change.Using is { } conversion ? Renamed(conversion.Text, column) : $"{column}::{change.Type}";
        string sync = SqlIdentifier.Quote(alter.Table with { Name = Sync });
        steps.Add(new($"ALTER TABLE {name} ADD COLUMN {next} {change.Type}"));
        steps.Add(new($"CREATE FUNCTION {sync}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.{next} := {Value($"NEW.{old}")}; RETURN NEW; END $$"));
        steps.Add(new($"CREATE TRIGGER {SqlIdentifier.Quote(Sync)} BEFORE INSERT OR UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION {sync}()"));
        var fill = new MassChange(alter.Table, $"UPDATE {name} SET {next} = {Value(old)}", $"{next} IS NULL AND {old} IS NOT NULL") { IsRepeatable = true, Exhausts = true };
        if (Batches.Of(context, fill) is { } batches)
            steps.Add(batches);
        else
            byHand.Add($"the rows: UPDATE {name} SET {old} = {old} WHERE {next} IS NULL AND … (a range of the key)");
        if (table is { IsPartitioned: true } or { PartitionOf: not null })
            byHand.Add("the partitions");
        if (change.Collation is not null || Encoding.UTF8.GetByteCount(Sync) > MaxBytes || context.PgVersion < NotNullProof.FirstVersion)
            byHand.Add("what the version, the collation or the length of the name leaves no room for");
    }

    private void Carry(TableModel model, ColumnModel column)
    {
        if (column.IsNotNull)
            steps.AddRange(NotNullProof.Steps(context, alter.Table, [change.Column + "_new"]));
        foreach (var index in model.Indexes.Where(index => index.Uses(change.Column)))
            Carry(index);
        foreach (var constraint in model.Constraints)
            Carry(constraint);
        CarryDefault(column);
        if (column.Collation is not null || model.Column(change.Column + "_new") is not null)
            byHand.Add($"the collation of {old}, or the column that has the new one's name");
        foreach (var dependent in Dependents.OfColumn(context.Schema, alter.Table, change.Column))
            byHand.Add(dependent.Relation == model.Name ? dependent.Name : dependent.Name + " (make it anew on the new column)");
        if (model.PartitionKey.Contains(change.Column))
            byHand.Add("the partition key, which no column can leave: make a new table instead");
    }

    private void Carry(IndexModel index)
    {
        string made = SqlIdentifier.Quote(index.Name + "_new");
        if (index.Keys.Any(key => key.Column is null || key.OperatorClass is not null) || index.Predicate is not null)
        {
            byHand.Add($"index {SqlIdentifier.Quote(index.Name)} (its expressions, operator classes or predicate)");
            return;
        }

        if ((index.Constraint is not null && !index.IsUnique) || Encoding.UTF8.GetByteCount(index.Name + "_new") > MaxBytes)
        {
            byHand.Add($"{(index.IsUnique ? "index" : "exclusion constraint")} {SqlIdentifier.Quote(index.Name)}");
            return;
        }

        string keys = string.Join(", ", index.Keys.Select(key => Swapped(key.Column!) + (key.Descending ? " DESC" : "") + (key.NullsFirst == key.Descending ? "" : key.NullsFirst ? " NULLS FIRST" : " NULLS LAST")));
        string include = index.Include.IsEmpty ? "" : $" INCLUDE ({string.Join(", ", index.Include.Select(Swapped))})";
        string method = index.Method == "btree" ? "" : $" USING {SqlIdentifier.Quote(index.Method)}";
        steps.Add(new($"CREATE {(index.IsUnique ? "UNIQUE " : "")}INDEX CONCURRENTLY {made} ON {name}{method} ({keys}){include}", FixRun.Outside));
        atSwitch.Add(index.Constraint is null
            ? $"ALTER INDEX {SqlIdentifier.Quote(alter.Table with { Name = index.Name + "_new" })} RENAME TO {SqlIdentifier.Quote(index.Name)}"
            : $"ALTER TABLE {name} ADD CONSTRAINT {SqlIdentifier.Quote(index.Constraint)} {(index.IsPrimary ? "PRIMARY KEY" : "UNIQUE")} USING INDEX {made}");
    }

    private void Carry(TableConstraint constraint)
    {
        string made = SqlIdentifier.Quote(constraint.Name + "_new");
        string definition;
        if (constraint.Kind == ConstraintKind.ForeignKey && constraint.Columns.Contains(change.Column))
        {
            string target = SqlIdentifier.Quote(constraint.References!) + (constraint.ReferencedColumns.IsEmpty ? "" : $" ({string.Join(", ", constraint.ReferencedColumns.Select(SqlIdentifier.Quote))})");
            string actions = (constraint.OnDelete is { } delete ? $" ON DELETE {delete}" : "") + (constraint.OnUpdate is { } update ? $" ON UPDATE {update}" : "");
            definition = $"FOREIGN KEY ({string.Join(", ", constraint.Columns.Select(Swapped))}) REFERENCES {target}{actions}";
        }
        else if (constraint is { Kind: ConstraintKind.Check, Check: { } check } && check.Columns.Contains(change.Column))
        {
            definition = $"CHECK ({Renamed(check.Text, next)})";
        }
        else
        {
            return;
        }

        steps.Add(new($"ALTER TABLE {name} ADD CONSTRAINT {made} {definition} NOT VALID"));
        if (!constraint.NotValid)
            steps.Add(new($"ALTER TABLE {name} VALIDATE CONSTRAINT {made}", FixRun.Fresh));
        atSwitch.Add($"ALTER TABLE {name} RENAME CONSTRAINT {made} TO {SqlIdentifier.Quote(constraint.Name!)}");
    }

    private void CarryDefault(ColumnModel column)
    {
        if (column.IsIdentity)
            byHand.Add($"identity of {old}: drop it there and add it to the new column, starting behind the highest value");
        else if (column.Type.IsSerial || column.Default?.Functions.Any(function => function.Name == "nextval") == true)
            byHand.Add($"the sequence of {old}: set it as default of the new column, ALTER SEQUENCE … OWNED BY it");
        else if (column.Default is { } value)
            steps.Add(new($"ALTER TABLE {name} ALTER COLUMN {next} SET DEFAULT {value.Text}"));
    }

    private string Swapped(string column) => column == change.Column ? next : SqlIdentifier.Quote(column);

    /// <summary>An expression with the column put as something else wherever it is named.</summary>
    private string Renamed(string text, string by) =>
        Regex.Replace(text, $@"(?<![\w"".]){Regex.Escape(old)}(?![\w""(])", by.Replace("$", "$$", StringComparison.Ordinal), RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
}
