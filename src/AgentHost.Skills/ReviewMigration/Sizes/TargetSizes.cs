using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Sizes;

/// <summary>How large and busy the relations of a target are, and what that makes of findings about them.</summary>
internal sealed class TargetSizes
{
    private const int DefaultBlockSize = 8192;

    private readonly Dictionary<QualifiedName, RelationFigures> figures;
    private readonly ILookup<QualifiedName, QualifiedName> partitions;
    private readonly CatalogSnapshot snapshot;
    private readonly int blockSize;

    public TargetSizes(CatalogSnapshot snapshot)
    {
        this.snapshot = snapshot;
        blockSize = snapshot.Settings.TryGetValue("block_size", out var size) && int.TryParse(size, out int bytes) ? bytes : DefaultBlockSize;
        figures = snapshot.Relations.ToDictionary(relation => new QualifiedName(relation.Schema, relation.Name));
        partitions = snapshot.Relations.Where(relation => relation.ParentName is not null)
            .ToLookup(relation => new QualifiedName(relation.ParentSchema, relation.ParentName!), relation => new QualifiedName(relation.Schema, relation.Name));
    }

    /// <summary>The finding with the size of what it is about, and the severity that this size makes of it.</summary>
    public Finding Attach(Finding finding, MigrationReplay replay)
    {
        if (finding.Relation is not { } relation || finding.StatementIndex < 0 || Size(relation) is not { } size)
            return finding;
        var work = RuleCatalog.Find(finding.Rule)?.Work ?? TableWork.None;
        var others = Others(finding, replay, relation);
        var estimate = size.Estimate(work, work == TableWork.ForeignKeyCheck && others.Length > 0 ? Size(others[0]) : null);
        var evidence = Evidence(relation, size, estimate);
        finding = finding with { Evidence = finding.Evidence.Add(evidence) };
        if (finding.IsAdvice || work == TableWork.None)
            return finding;
        bool isSmall = size.IsSmall && others.All(other => Size(other) is { IsSmall: true }) && !IsFilledBefore(finding, replay, relation);
        return finding with
        {
            Severity = isSmall ? Severity.Info : finding.Severity,
            Message = finding.Message + " " + SizeText.Clause(evidence, size, isSmall),
        };
    }

    private TableSize Evidence(QualifiedName relation, RelationSize size, (double Seconds, string Basis)? estimate)
    {
        double? seconds = (snapshot.TakenAt - snapshot.CountersSince)?.TotalSeconds;
        string name = $"{relation.Schema}.{relation.Name}";
        return new TableSize(RelationNames.Shown(relation), size.Rows is { } rows ? (long)rows : null, size.HeapBytes + size.ToastBytes, size.IndexBytes)
        {
            IsStale = !size.IsFresh,
            Seconds = estimate is { } known ? Math.Round(known.Seconds, known.Seconds < 10 ? 1 : 0) : null,
            Basis = estimate?.Basis,
            WritesPerSecond = seconds > 0 ? Rate(size.Writes / seconds.Value) : null,
            ReadsPerSecond = seconds > 0 ? Rate(size.Reads / seconds.Value) : null,
            CountersSince = snapshot.CountersSince,
            OpenTransactionSeconds = snapshot.OpenTransactions.Where(open => open.Relations.Contains(name)).Select(open => (int?)open.Seconds).Max(),
        };
    }

    private static double Rate(double value) => Math.Round(value, value < 10 ? 2 : 0);

    /// <summary>A partitioned table is as large as its partitions together.</summary>
    private RelationSize? Size(QualifiedName relation)
    {
        if (!figures.TryGetValue(relation, out var own))
            return null;
        if (own.Kind != 'p')
            return RelationSize.Of(own, blockSize);
        var parts = partitions[relation].Select(Size).ToList();
        return parts.Count == 0 || parts.Contains(null) ? null : parts.Aggregate((sum, part) => sum!.Plus(part!));
    }

    /// <summary>The other relations on which the finding's cost depends.</summary>
    private static ImmutableArray<QualifiedName> Others(Finding finding, MigrationReplay replay, QualifiedName relation)
    {
        var context = replay.Statements.FirstOrDefault(context => context.ScriptIndex == finding.StatementIndex && context.Statement.Span.Start <= finding.Span.Start
            && finding.Span.Start < context.Statement.Span.Start + Math.Max(1, context.Statement.Span.Length) && IsAbout(context.Statement));
        if (context is null)
            return [];
        IEnumerable<QualifiedName> all = context.Statement switch
        {
            AlterTable alter => alter.Actions.Where(action => action.Span.Start <= finding.Span.Start && finding.Span.Start < action.Span.Start + action.Span.Length)
                .SelectMany(ForeignKeys).Select(key => key.References!),
            Vacuum vacuum => vacuum.Tables,
            AlterDomain alter => context.Schema.ColumnsOfType(alter.Domain).Select(use => use.Table.Name),
            _ => [],
        };
        return [.. all.Select(context.Schema.Resolve).Where(other => other != relation).Distinct()];
    }

    private static bool IsAbout(Statement statement) => statement is AlterTable or Vacuum or AlterDomain;

    private static IEnumerable<TableConstraint> ForeignKeys(AlterAction action) => action switch
    {
        AddConstraint { Constraint: { References: not null } key } => [key],
        AddColumn add => add.Column.Constraints.Where(constraint => constraint.References is not null),
        _ => [],
    };

    /// <summary>Whether an earlier statement of the migration may have filled it, so that what the target tells is past.</summary>
    private static bool IsFilledBefore(Finding finding, MigrationReplay replay, QualifiedName relation) =>
        replay.Statements.TakeWhile(context => context.ScriptIndex < finding.StatementIndex).Any(context =>
            context.Statement is RowStatement { Verb: RowVerb.Insert or RowVerb.Merge, Target: { } target } && context.Schema.Resolve(target) == relation);
}
