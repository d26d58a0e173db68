using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Rules;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>All rules. A list, not reflection: nothing is searched for when the process starts, and a test holds it to the pages.</summary>
internal static class RuleCatalog
{
    private static readonly Lazy<ImmutableArray<MigrationRule>> Rules = new(() =>
    [
        new AddColumnNotNullNoDefault(),
        new CheckNotValidMissing(),
        new ColumnTypeRewrite(),
        new DropColumnInUse(),
        new DropTableInUse(),
        new FkNotValidMissing(),
        new IndexNotConcurrent(),
        new MissingLockTimeout(),
        new NontransactionalInTransaction(),
        new RenameColumnInUse(),
        new RenameTableInUse(),
        new SetNotNullScan(),
        new TimestampWithoutTimeZone(),
    ]);

    /// <summary>Every rule, by id.</summary>
    public static ImmutableArray<MigrationRule> All => Rules.Value;

    /// <summary>The rule of an id, or null.</summary>
    public static MigrationRule? Find(string id) => All.FirstOrDefault(rule => rule.Id == id);
}
