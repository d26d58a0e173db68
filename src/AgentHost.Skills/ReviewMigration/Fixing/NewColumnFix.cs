using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>
/// ADD COLUMN without what makes it slow: the column comes bare, then its default, old rows are filled in batches, and its constraints are
/// proven under weak locks. One fix for all that is wrong with a column.
/// </summary>
internal sealed partial class NewColumnFix
{
    private readonly StatementContext context;
    private readonly AlterTable alter;
    private readonly AddColumn add;
    private readonly string table;
    private readonly string name;
    private readonly bool isFilled;

    private NewColumnFix(StatementContext context, AlterTable alter, AddColumn add)
    {
        (this.context, this.alter, this.add) = (context, alter, add);
        (table, name) = (SqlIdentifier.Quote(alter.Table), SqlIdentifier.Quote(add.Column.Name));
        var column = add.Column;
        isFilled = column.Type.IsSerial || column.IsIdentity
            || (column.Default is { IsNull: false } value && (context.PgVersion < 11 || value.Functions.Any(function => context.Schema.IsVolatile(function) == true)));
    }

    private ColumnDefinition Column => add.Column;

    private bool IsPrimary => Column.Constraints.Any(constraint => constraint.Kind == ConstraintKind.PrimaryKey);

    /// <summary>The fix; null where the column has something for which there is no safe form, or the version has none.</summary>
    public static Fix? Of(StatementContext context, AlterTable alter, AddColumn add, string title)
    {
        var fix = new NewColumnFix(context, alter, add);
        var column = add.Column;
        bool isRequired = column.IsNotNull || column.Type.IsSerial || column.IsIdentity || fix.IsPrimary;
        if (column.Generated is not null || column.Constraints.Any(constraint => constraint.Kind == ConstraintKind.Exclusion)
            || context.Schema.Table(alter.Table) is { IsPartitioned: true } && column.Constraints.Any(IsKey)
            || context.Schema.Domain(column.Type.Name) is { Constraints.IsEmpty: false }
            || (isRequired && !fix.isFilled && column.Default is not { IsNull: false })
            || (isRequired && fix.isFilled && context.PgVersion < NotNullProof.FirstVersion))
        {
            return null;
        }

        var fill = fix.isFilled ? Batches.Of(context, new MassChange(alter.Table, $"UPDATE {fix.table} SET {fix.name} = DEFAULT", $"{fix.name} IS NULL") { IsRepeatable = true, Exhausts = true }) : null;
        return fix.isFilled && fill is null ? null : Fix.Of(title, add.Span, [.. fix.Steps(fill, isRequired)]);
    }

    private static bool IsKey(TableConstraint constraint) => constraint.Kind is ConstraintKind.Unique or ConstraintKind.PrimaryKey;

    private IEnumerable<FixStep> Steps(FixStep? fill, bool isRequired)
    {
        string sequence = SqlIdentifier.Quote(alter.Table with { Name = $"{alter.Table.Name}_{Column.Name}_{(Column.IsIdentity ? "fill" : "seq")}" });
        if (Column.Type.IsSerial || Column.IsIdentity)
            yield return new($"CREATE SEQUENCE {sequence} AS {Column.Type}{(Column.IsIdentity ? " " + IdentityOptions() : "")}".TrimEnd());
        yield return new($"ALTER TABLE {table} ADD COLUMN {(add.IfNotExists ? "IF NOT EXISTS " : "")}{Definition()}");
        if (Column.Type.IsSerial)
            yield return new($"ALTER SEQUENCE {sequence} OWNED BY {table}.{name}");
        if (isFilled)
            yield return new($"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {(Column.Type.IsSerial || Column.IsIdentity ? $"nextval({Literal(sequence)})" : Column.Default!.Text)}");
        if (fill is not null)
            yield return fill;
        if (isFilled && isRequired)
        {
            foreach (var step in NotNullProof.Steps(context, alter.Table, [Column.Name]))
                yield return step;
        }

        if (Column.IsIdentity)
        {
            yield return new($"ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT");
            yield return new($"ALTER TABLE {table} ALTER COLUMN {name} ADD {Identity().Match(Text).Value}");
            yield return new($"SELECT setval(pg_get_serial_sequence({Literal(table)}, {Literal(Column.Name)}), nextval({Literal(sequence)}), false)");
            yield return new($"DROP SEQUENCE {sequence}");
        }

        foreach (var constraint in Column.Constraints.Where(IsApart))
        {
            foreach (var step in IsKey(constraint) ? KeyFix.Steps(context, alter, constraint, isRequired) : ConstraintFix.NotValid(context, alter, constraint, Column.Name))
                yield return step;
        }
    }

    /// <summary>Whether a constraint must not come with the column.</summary>
    private bool IsApart(TableConstraint constraint) => IsKey(constraint) || constraint.Kind == ConstraintKind.Check
        || (constraint.Kind == ConstraintKind.ForeignKey && !isFilled && Column.Default is { IsNull: false });

    private string Text => context.TextOf(Column.Span);

    /// <summary>The column without what comes later.</summary>
    private string Definition()
    {
        string text = Text;
        foreach (var (start, end) in Later().OrderByDescending(cut => cut.Start))
            text = text[..start].TrimEnd() + text[end..];
        return Column.Type.IsSerial ? Serial().Replace(text, Column.Type.ToString(), 1) : text;
    }

    /// <summary>Where in its text the clauses stand that come later.</summary>
    private IEnumerable<(int Start, int End)> Later()
    {
        int offset = Column.Span.Start;
        foreach (var constraint in Column.Constraints.Where(constraint => IsApart(constraint) || (isFilled && constraint.Kind == ConstraintKind.NotNull)))
            yield return (constraint.Span.Start - offset, constraint.Span.End - offset);
        if (isFilled && Column.Default is { } value)
            yield return (Text.LastIndexOf("DEFAULT", value.Span.Start - offset, StringComparison.OrdinalIgnoreCase), value.Span.End - offset);
        if (Column.IsIdentity && Identity().Match(Text) is { Success: true } identity)
            yield return (identity.Index, identity.Index + identity.Length);
    }

    private string IdentityOptions() => Identity().Match(Text).Groups["options"].Value is { Length: > 2 } options ? options[1..^1].Trim() : "";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\bGENERATED\s+(?:ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY(?:\s*(?<options>\([^)]*\)))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Identity();

    [GeneratedRegex(@"\b(?:big|small)?serial[248]?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.RightToLeft, 1000)]
    private static partial Regex Serial();
}
