using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>PRIMARY KEY added to an existing table without USING INDEX.</summary>
internal sealed class PrimaryKeyBuildsIndex() : KeyBuildsIndex(ConstraintKind.PrimaryKey)
{
    /// <inheritdoc />
    public override string Id => "primary-key-builds-index";

    /// <inheritdoc />
    public override string Title => "Adding a primary key builds its index while nobody can use the table";
}
