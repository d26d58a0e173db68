using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Rules;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>All rules. A list, not reflection: nothing is searched for when the process starts, and a test holds it to the pages.</summary>
internal static class RuleCatalog
{
    private static readonly Lazy<ImmutableArray<MigrationRule>> Rules = new(() =>
    [
        new AddColumnNotNullNoDefault(),
        new AttachPartitionScan(),
        new CheckNotValidMissing(),
        new ColumnTypeNarrowing(),
        new ColumnTypeRewrite(),
        new ConstantDefaultRewritePre11(),
        new ConstrainedDomainAddRewrite(),
        new DependentObjectConflict(),
        new DetachPartitionBlocking(),
        new DisableTrigger(),
        new DomainConstraintValidates(),
        new DropCascade(),
        new DropColumnInUse(),
        new DropIndexNotConcurrent(),
        new DropPrimaryKey(),
        new DropSchemaOrDatabase(),
        new DropTableInUse(),
        new EnumAddValueInTransaction(),
        new EnumValueUsedSameTransaction(),
        new ExclusionConstraintLock(),
        new ExplicitLockTable(),
        new FkNotValidMissing(),
        new FkSetNullOnNotNull(),
        new GeneratedStoredRewrite(),
        new GrantToPublic(),
        new IndexNotConcurrent(),
        new InvalidSql(),
        new LockHeldAcrossSlowWork(),
        new MissingLockTimeout(),
        new NestedTransactionControl(),
        new NontransactionalInTransaction(),
        new ObservedHazard(),
        new PartitionedParentIndexLock(),
        new PkImplicitNotNullScan(),
        new PrimaryKeyBuildsIndex(),
        new RefreshMatviewNotConcurrent(),
        new ReindexNotConcurrent(),
        new RenameColumnInUse(),
        new RenameEnumValueInUse(),
        new RenameOrMoveSchema(),
        new RenameTableInUse(),
        new RlsDisabled(),
        new RlsEnabledNoPolicy(),
        new RlsPolicyWithoutEnable(),
        new SecurityDefinerSearchPath(),
        new SerialOrIdentityAddRewrite(),
        new SetNotNullScan(),
        new StorageChangeRewrite(),
        new TimestampWithoutTimeZone(),
        new TruncateInUse(),
        new TypeChangeIndexRebuild(),
        new UnbatchedDml(),
        new UncommittedTransaction(),
        new UniqueConstraintBuildsIndex(),
        new UnreviewedCode(),
        new UnsupportedOnVersion(),
        new VacuumFullOrCluster(),
        new ValidateSameTransaction(),
        new VolatileDefaultRewrite(),
    ]);

    /// <summary>Every rule, by id.</summary>
    public static ImmutableArray<MigrationRule> All => Rules.Value;

    /// <summary>The rule of an id, or null.</summary>
    public static MigrationRule? Find(string id) => All.FirstOrDefault(rule => rule.Id == id);
}
