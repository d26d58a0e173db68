using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>REFRESH MATERIALIZED VIEW without CONCURRENTLY of an existing view.</summary>
internal sealed class RefreshMatviewNotConcurrent : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "refresh-matview-not-concurrent";

    /// <inheritdoc />
    public override string Title => "REFRESH MATERIALIZED VIEW blocks its readers until the query is done";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, REFRESH MATERIALIZED VIEW, CONCURRENTLY";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(RefreshMaterializedView)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not RefreshMaterializedView { Concurrently: false } refresh || !context.IsExisting(refresh.View))
            yield break;
        var view = Quote(refresh.View);
        bool lacksKey = context.Schema.View(refresh.View) is { } model && !HasKey(model);
        yield return Report(context, refresh.Span, Severity.Error, refresh.View,
            refresh.WithNoData
                ? $"Empties {view}: every query on it fails until it is refreshed again."
                : $"No one can read {view} (ACCESS EXCLUSIVE) until its whole query has run. "
                    + (lacksKey ? "CONCURRENTLY lets readers go on, but needs a unique index on plain columns, which the view lacks." : "CONCURRENTLY lets readers go on; it needs a unique index on plain columns.")) with
        {
            Lock = LockMode.AccessExclusive,
            Rewrites = true,
            Fix = refresh.WithNoData || lacksKey ? null
                : context.Schema.View(refresh.View) is null ? new Fix("Refresh it concurrently, if it has such an index", $"REFRESH MATERIALIZED VIEW CONCURRENTLY {view};")
                : Fix.Of("Refresh it concurrently", refresh.Span, new FixStep($"REFRESH MATERIALIZED VIEW CONCURRENTLY {view}", FixRun.Fresh)),
        };
    }

    /// <summary>Whether a view has the index that CONCURRENTLY needs: unique, on plain columns, of all rows.</summary>
    public static bool HasKey(ViewModel view) => view.Indexes.Any(index => index is { IsUnique: true, IsValid: true, Predicate: null } && index.Keys.All(key => key.Column is not null));
}
