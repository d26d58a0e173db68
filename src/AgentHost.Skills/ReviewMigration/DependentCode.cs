using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>What hangs on functions, sequences and types, as far as the schema tells (manual, 5.15). Bodies of functions hang on nothing.</summary>
internal static partial class DependentCode
{
    /// <summary>What calls a function: triggers, defaults, generated columns, checks, indexes, policies, domains and views.</summary>
    public static IEnumerable<Dependent> OfFunction(SchemaModel schema, QualifiedName function)
    {
        var known = schema.Function(function);
        var name = known?.Name ?? function;
        // Of several functions of one name the model cannot tell which is called.
        bool isOnly = known is null or { Signatures.Length: 1 };
        bool Is(QualifiedName called) => called.Name == name.Name && (called.Schema is null || name.Schema is null || called.Schema == name.Schema);
        bool Calls(Expression? expression) => expression?.Functions.Any(Is) == true;
        foreach (var table in schema.Tables.OrderBy(table => table.Name.ToString(), StringComparer.Ordinal))
        {
            foreach (string part in table.Triggers.Where(trigger => Is(trigger.Function)).Select(trigger => $"trigger {Quote(trigger.Name)}")
                .Concat(table.Columns.Where(column => Calls(column.Default)).Select(column => $"the default of {Quote(column.Name)}"))
                .Concat(table.Columns.Where(column => Calls(column.Generated)).Select(column => $"column {Quote(column.Name)}"))
                .Concat(table.Constraints.Where(constraint => Calls(constraint.Check)).Select(constraint => $"constraint {Quote(constraint.Name!)}"))
                .Concat(table.Indexes.Where(index => Calls(index.Predicate) || index.Keys.Any(key => Calls(key.Expression))).Select(index => $"index {Quote(index.Name)}"))
                .Concat(table.Policies.Where(policy => Calls(policy.Using) || Calls(policy.WithCheck)).Select(policy => $"policy {Quote(policy.Name)}")))
            {
                yield return new Dependent($"{part} of {Shown(table.Name)}", table.Name, isOnly);
            }
        }

        foreach (var view in schema.Views.Where(view => view.Functions.Any(Is)).OrderBy(view => view.Name.ToString(), StringComparer.Ordinal))
            yield return new Dependent($"{(view.IsMaterialized ? "materialized view" : "view")} {Shown(view.Name)}", view.Name, isOnly);
        foreach (var domain in schema.Domains.Where(domain => domain.Constraints.Any(constraint => Calls(constraint.Check)) || Calls(domain.Default)))
            yield return new Dependent($"domain {Shown(domain.Name)}", domain.Name, isOnly);
    }

    /// <summary>The columns whose default reads a sequence.</summary>
    public static IEnumerable<Dependent> OfSequence(SchemaModel schema, QualifiedName sequence)
    {
        if (schema.Sequence(sequence) is not { } model)
            yield break;
        foreach (var table in schema.Tables.OrderBy(table => table.Name.ToString(), StringComparer.Ordinal))
        {
            foreach (var column in table.Columns)
            {
                bool isOwn = column.Type.IsSerial && column.Default is null && model.OwnedBy is { } owner && owner.Table == table.Name && owner.Column == column.Name;
                if (isOwn || (column.IsIdentity && model.OwnedBy is { } of && of.Table == table.Name && of.Column == column.Name) || Reads(schema, column.Default, model.Name))
                    yield return new Dependent($"{(column.IsIdentity ? "identity column" : "the default of")} {Quote(column.Name)} of {Shown(table.Name)}", table.Name, IsCertain: true);
            }
        }
    }

    /// <summary>The columns of an enum type or a domain, and the domains over it.</summary>
    public static IEnumerable<Dependent> OfType(SchemaModel schema, QualifiedName type) => schema.Enum(type) is null && schema.Domain(type) is null
        ? []
        : schema.ColumnsOfType(type).OrderBy(use => use.Table.Name.ToString(), StringComparer.Ordinal)
            .Select(use => new Dependent($"column {Quote(use.Column.Name)} of {Shown(use.Table.Name)}", use.Table.Name, IsCertain: true))
            .Concat(schema.Domains.Where(domain => schema.Resolve(domain.BaseType.Name) == schema.Resolve(type)).Select(domain => new Dependent($"domain {Shown(domain.Name)}", domain.Name, IsCertain: true)));

    private static bool Reads(SchemaModel schema, Expression? expression, QualifiedName sequence) =>
        expression?.Functions.Any(function => function.Name == "nextval") == true && NextValue().Match(expression.Text) is { Success: true } read
        && Parse(read.Groups["name"].Value) is { } named && schema.Sequence(named)?.Name == sequence;

    private static QualifiedName? Parse(string text)
    {
        var parts = Part().Matches(text.Replace("''", "'", StringComparison.Ordinal)).Select(part => part.Value.StartsWith('"') ? part.Value[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : part.Value.ToLowerInvariant()).ToList();
        return parts switch { [var name] => new QualifiedName(null, name), [var schema, var name] => new QualifiedName(schema, name), _ => null };
    }

    private static string Quote(string name) => SqlIdentifier.Quote(name);

    private static string Shown(QualifiedName name) => RelationNames.Shown(name);

    [GeneratedRegex(@"\bnextval\s*\(\s*'(?<name>(?:[^']|'')+)'", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex NextValue();

    [GeneratedRegex("\"(?:[^\"]|\"\")+\"|[^.\"]+", RegexOptions.NonBacktracking)]
    private static partial Regex Part();
}
