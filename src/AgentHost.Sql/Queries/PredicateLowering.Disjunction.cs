using System.Text.Json;
using AgentHost.Sql.Lowering;

namespace AgentHost.Sql.Queries;

/// <content>OR.</content>
internal sealed partial class PredicateLowering
{
    // OR of equalities on one column is an IN list; across columns it needs an index for each arm.
    private void Disjunction(JsonElement node, List<JsonElement> arms)
    {
        var equalities = arms.Select(Equality).ToList();
        if (equalities[0] is { } first && equalities.TrueForAll(e => e is { } equal && equal.Column == first.Column))
        {
            queries.Walk(node, scope);
            Restrict(first.Column, PredicateKind.Membership, Merge([.. equalities.Select(e => e!.Value.Operand)]));
            return;
        }
        var found = arms.Select(Arm).ToList();
        foreach (var relation in found[0].Keys.Where(r => found.TrueForAll(arm => arm.ContainsKey(r))))
            relation.Disjunctions.Add(new Disjunction([.. found.Select(arm => arm[relation])]));
        Unserved(UnservedKind.Disjunction, Mentioned(node));
    }

    // What an arm asks of each relation. It holds for no row alone, so it is taken back from the relations again.
    private Dictionary<RelationBuilder, RelationUse> Arm(JsonElement arm)
    {
        var before = queries.Relations.ToDictionary(r => r, r => (Mark: r.Mark(), Unserved: r.Unserved.Count, Disjunctions: r.Disjunctions.Count));
        Conjunction(arm);
        var asked = new Dictionary<RelationBuilder, RelationUse>();
        foreach (var (relation, (mark, unserved, disjunctions)) in before)
        {
            relation.Unserved.RemoveRange(unserved, relation.Unserved.Count - unserved);
            relation.Disjunctions.RemoveRange(disjunctions, relation.Disjunctions.Count - disjunctions);
            if (relation.Since(mark) is { } use)
                asked.Add(relation, use);
        }
        return asked;
    }

    private (ResolvedColumn Column, Operand Operand)? Equality(JsonElement arm)
    {
        if (arm.Get("A_Expr") is not { } expression || expression.Text("kind") != "AEXPR_OP" || Operator(expression) != "=")
            return null;
        var (left, right) = (expression.Get("lexpr"), expression.Get("rexpr"));
        if (left is not { } l || right is not { } r)
            return null;
        if (QueryLowering.ColumnOf(l, scope) is { } a)
            return (a, OperandOf(r));
        return QueryLowering.ColumnOf(r, scope) is { } b ? (b, OperandOf(l)) : null;
    }
}
