using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A filter asks what a document, array, range or text contains, and the table is read for it.</summary>
internal sealed partial class MissingGinGist : DiscardingSeqScan
{
    public override string Id => "missing-gin-gist";

    protected override bool Blames(ClauseKind kind) => kind == ClauseKind.Containment;

    protected override string Because(FilterClause culprit) => "; a B-tree cannot answer that";

    protected override string Advise(QueryPlan plan, PlanNode node, ImmutableArray<FilterClause> clauses, FilterClause culprit)
    {
        var key = culprit.Subject.AsSpan().ContainsAny("( :") ? $"({culprit.Subject})" : culprit.Subject;
        var method = culprit.Text.Contains("range", StringComparison.Ordinal) || culprit.Text.Contains("box", StringComparison.Ordinal) || culprit.Text.Contains("polygon", StringComparison.Ordinal) ? "gist" : "gin";
        var operators = culprit.Text.Contains("::jsonb", StringComparison.Ordinal) && culprit.Text.Contains(" @> ", StringComparison.Ordinal) ? " jsonb_path_ops"
            : Similarity().IsMatch(culprit.Text) ? " gin_trgm_ops" : "";
        return $"CREATE INDEX CONCURRENTLY ON {PlanNames.Table(node)} USING {method} ({key}{operators}). "
            + (culprit.Text.Contains("= ANY (", StringComparison.Ordinal) ? $"Write {culprit.Subject} @> ARRAY[…] then: = ANY uses no index. " : "")
            + (method == "gin" ? "Such an index is slower to write: measure the writes too." : "GiST also serves a column beside it with the extension btree_gist.");
    }

    // pg_trgm's operators.
    [GeneratedRegex(" (%|<%|%>) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Similarity();
}
