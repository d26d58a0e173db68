using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A new surrogate key of type integer or smallint.</summary>
internal sealed class IntPrimaryKey : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "int-primary-key";

    /// <inheritdoc />
    public override string Title => "A 32-bit key runs out at two thousand million";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 8.1.1 Integer Types";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTable)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not CreateTable { IsTemporary: false } create)
            yield break;
        var key = create.Constraints.Concat(create.Columns.SelectMany(column => column.Constraints)).FirstOrDefault(constraint => constraint.Kind == ConstraintKind.PrimaryKey);
        if (key is not { Columns: [var only] } || create.Columns.FirstOrDefault(column => column.Name == only) is not { } keyed)
            yield break;
        bool isSurrogate = keyed.IsIdentity || keyed.Type.IsSerial || keyed.Default?.Functions.Any(function => function.Name == "nextval") == true || keyed.Name == "id";
        bool isReference = keyed.Constraints.Any(constraint => constraint.References is not null) || create.Constraints.Any(constraint => constraint.References is not null && constraint.Columns.Contains(only));
        if (!isSurrogate || isReference || keyed.Type.Name.Name is not ("integer" or "smallint"))
            yield break;
        yield return Report(context, keyed.Span, Severity.Info, create.Table,
            $"{Quote(only)} of {Quote(create.Table)} ends at {(keyed.Type.Name.Name == "integer" ? "2,147,483,647" : "32,767")}, and gaps count; changing it later rewrites the table. Use bigint.");
    }
}
