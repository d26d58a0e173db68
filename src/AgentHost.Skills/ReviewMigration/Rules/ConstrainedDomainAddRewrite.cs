using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ADD COLUMN of a domain that has constraints: every row is checked and written anew.</summary>
internal sealed class ConstrainedDomainAddRewrite : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "constrained-domain-add-rewrite";

    /// <inheritdoc />
    public override string Title => "A new column of a domain with constraints writes the whole table anew";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, Notes";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Rewrite;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, add) in ColumnsAddedToExisting(context))
        {
            if (IsUnknown(context, add.Column.Type))
            {
                yield return Report(context, add.Span, Severity.Info, alter.Table,
                    $"Is {Quote(add.Column.Type.Name)} a domain with constraints? Then all of {Quote(alter.Table)} is written anew under ACCESS EXCLUSIVE. Give the schema to be sure.") with
                {
                    Lock = LockMode.AccessExclusive,
                };
                continue;
            }

            if (add.Column.Type.ArrayDimensions > 0 || context.Schema.Domain(add.Column.Type.Name) is not { Constraints.IsEmpty: false } domain)
                continue;
            var (table, column) = (Quote(alter.Table), Quote(add.Column.Name));
            var checks = domain.Constraints.Where(constraint => constraint.Check is not null).ToList();
            yield return Report(context, add.Span, Severity.Error, alter.Table,
                $"The domain {Quote(domain.Name.Name)} has constraints, so all of {table} is written anew under ACCESS EXCLUSIVE, default or not. "
                + $"Add {column} as {domain.BaseType} and give the table a CHECK as NOT VALID.") with
            {
                Lock = LockMode.AccessExclusive,
                Rewrites = true,
                Scans = true,
                Fix = checks.Count == 0 ? null : new Fix("Base type and a CHECK that is NOT VALID", Steps(table, add.Column, domain, checks)),
            };
        }
    }

    /// <summary>Whether nothing at all is known of the schema, and the type is neither PostgreSQL's own nor made in the file.</summary>
    private static bool IsUnknown(StatementContext context, TypeName type) => type.ArrayDimensions == 0 && !context.KnowsSchema && !BuiltInTypes.Has(type.Name)
        && context.Schema.Enum(type.Name) is null && context.Schema.Domain(type.Name) is null
        && !context.Replay.Statements.Take(context.Index).Any(earlier => earlier.Statement is OtherStatement { Kind: "CompositeTypeStmt" or "CreateRangeStmt" or "DefineStmt" } or CreateExtension);

    private static string Steps(string table, ColumnDefinition column, DomainModel domain, List<TableConstraint> checks)
    {
        string name = Quote(column.Name);
        string check = Quote(column.Name + "_valid");
        string condition = string.Join(" AND ", checks.Select(constraint => $"({ValueWord.Replace(constraint.Check!.Text, name)})"));
        return $"""
            ALTER TABLE {table} ADD COLUMN {name} {domain.BaseType};
            ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID;
            -- in a later transaction
            ALTER TABLE {table} VALIDATE CONSTRAINT {check};
            """;
    }

    /// <summary>VALUE, which stands for the value in a domain's CHECK.</summary>
    private static System.Text.RegularExpressions.Regex ValueWord { get; } =
        new(@"\bVALUE\b", System.Text.RegularExpressions.RegexOptions.IgnoreCase | System.Text.RegularExpressions.RegexOptions.NonBacktracking);
}
