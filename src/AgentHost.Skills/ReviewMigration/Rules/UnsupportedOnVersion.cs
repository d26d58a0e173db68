using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A statement that the target version does not have yet.</summary>
internal sealed class UnsupportedOnVersion : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "unsupported-on-version";

    /// <inheritdoc />
    public override string Title => "The target version does not have this yet";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, release notes";

    /// <inheritdoc />
    public override bool IsFact => true;

    /// <inheritdoc />
    public override bool Foresees(string sqlState) => true;

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (what, since, span) in NewerThan.Find(context))
        {
            yield return Report(context, span, Severity.Error, null,
                $"Fails on PostgreSQL {context.PgVersion}: {what} came with version {since}.");
        }
    }
}
