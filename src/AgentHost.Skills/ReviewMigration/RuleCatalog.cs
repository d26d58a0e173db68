using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Rules;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>All rules. A list, not reflection: nothing is searched for when the process starts, and a test holds it to the pages.</summary>
internal static class RuleCatalog
{
    private static readonly Lazy<ImmutableArray<MigrationRule>> Rules = new(() =>
    [
        new AddColumnNotNullNoDefault(),
        new AttachPartitionScan(),
        new AutovacuumDisabled(),
        new CharN(),
        new CheckNotValidMissing(),
        new CheckVolatileExpression(),
        new ColumnTypeNarrowing(),
        new ColumnTypeRewrite(),
        new ConcurrentIndexIfNotExists(),
        new ConstantDefaultRewritePre11(),
        new ConstrainedDomainAddRewrite(),
        new CreateExtensionInMigration(),
        new DependentObjectConflict(),
        new DetachPartitionBlocking(),
        new DisableTrigger(),
        new DomainConstraintValidates(),
        new DropCascade(),
        new DropColumnInUse(),
        new DropConstraintInUse(),
        new DropIndexNotConcurrent(),
        new DropNotNullInUse(),
        new DropPrimaryKey(),
        new DropSchemaOrDatabase(),
        new DropTableInUse(),
        new DuplicateIndex(),
        new EnumAddValueInTransaction(),
        new EnumValueUsedSameTransaction(),
        new ExclusionConstraintLock(),
        new ExplicitLockTable(),
        new FkDropLocksReferenced(),
        new FkNotValidMissing(),
        new FkSetNullOnNotNull(),
        new FkTypeMismatch(),
        new FkWithoutIndex(),
        new GeneratedStoredRewrite(),
        new GrantToPublic(),
        new IdentifierTruncated(),
        new IndexNotConcurrent(),
        new IndexReplacedWithGap(),
        new IntPrimaryKey(),
        new InvalidSql(),
        new IrreversibleDown(),
        new JsonInsteadOfJsonb(),
        new LockHeldAcrossSlowWork(),
        new MissingIfExistsGuard(),
        new MissingLockTimeout(),
        new MissingPrimaryKey(),
        new MissingStatementTimeout(),
        new MoneyType(),
        new MultiTableLockTransaction(),
        new NestedTransactionControl(),
        new NontransactionalInTransaction(),
        new ObservedHazard(),
        new PartitionDdlLocksParent(),
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
        new RlsPermissiveTrue(),
        new RlsPolicyWithoutEnable(),
        new SecurityDefinerSearchPath(),
        new SerialInsteadOfIdentity(),
        new SerialOrIdentityAddRewrite(),
        new SetNotNullScan(),
        new StorageChangeRewrite(),
        new TimestampWithoutTimeZone(),
        new TriggerOnExistingTable(),
        new TruncateInUse(),
        new TypeChangeIndexRebuild(),
        new UnbatchedDml(),
        new UncommittedTransaction(),
        new UniqueConstraintBuildsIndex(),
        new UniqueNullableColumn(),
        new UnprovenClaim(),
        new UnreviewedCode(),
        new UnsupportedOnVersion(),
        new VacuumFullOrCluster(),
        new ValidateSameTransaction(),
        new VarcharN(),
        new ViewBypassesRls(),
        new VolatileDefaultRewrite(),
    ]);

    private static readonly ConcurrentDictionary<Type, MigrationRule[]> ByKind = new();

    private static readonly Lazy<FrozenDictionary<string, MigrationRule>> ById = new(() => All.ToFrozenDictionary(rule => rule.Id, StringComparer.Ordinal));

    /// <summary>Every rule, by id.</summary>
    public static ImmutableArray<MigrationRule> All => Rules.Value;

    /// <summary>The rule of an id, or null.</summary>
    public static MigrationRule? Find(string id) => ById.Value.GetValueOrDefault(id);

    /// <summary>What all rules find in a migration.</summary>
    public static IEnumerable<Finding> Judge(MigrationReplay replay) =>
        All.SelectMany(rule => rule.Judge(replay)).Concat(replay.Statements.SelectMany(context => ConcernedWith(context.Statement).SelectMany(rule => rule.Judge(context))));

    /// <summary>The rules that judge statements of this one's kind.</summary>
    private static MigrationRule[] ConcernedWith(Statement statement) => statement is AlterTable alter && alter.Actions is not [_]
        ? [.. All.Where(rule => rule.IsConcernedWith(typeof(AlterTable)) || alter.Actions.Any(action => rule.IsConcernedWith(action.GetType())))]
        : ByKind.GetOrAdd(
            (statement as AlterTable)?.Actions[0].GetType() ?? statement.GetType(),
            static (kind, whole) => [.. All.Where(rule => rule.IsConcernedWith(whole) || rule.IsConcernedWith(kind))],
            statement.GetType());
}
