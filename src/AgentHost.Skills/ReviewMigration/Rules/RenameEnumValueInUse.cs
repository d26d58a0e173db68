using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ALTER TYPE … RENAME VALUE of an existing type.</summary>
internal sealed class RenameEnumValueInUse : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "rename-enum-value";

    /// <inheritdoc />
    public override string Title => "Renaming an enum value breaks the code that is running";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TYPE, RENAME VALUE";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(RenameEnumValue)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not RenameEnumValue rename
            || context.IsPrecededBy<CreateEnum>((create, schema) => schema.ResolveNew(create.Name) == context.Schema.Resolve(rename.Type)))
        {
            yield break;
        }

        yield return Report(context, rename.Span, Severity.Error, null,
            $"Code that still sends or compares '{rename.From}' fails from this commit on, and reads '{rename.To}', which it does not know. "
            + $"Add '{rename.To}' as a new value, move code and rows over, and leave the old value unused.") with
        {
            Fix = new Fix("Add the new value beside the old", $"ALTER TYPE {Quote(rename.Type)} ADD VALUE IF NOT EXISTS '{rename.To.Replace("'", "''", StringComparison.Ordinal)}';"),
        };
    }
}
