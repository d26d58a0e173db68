using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>UNIQUE added to an existing table without USING INDEX.</summary>
internal sealed class UniqueConstraintBuildsIndex() : KeyBuildsIndex(ConstraintKind.Unique)
{
    /// <inheritdoc />
    public override string Id => "unique-constraint-builds-index";

    /// <inheritdoc />
    public override string Title => "Adding a UNIQUE constraint builds its index while nobody can use the table";
}
