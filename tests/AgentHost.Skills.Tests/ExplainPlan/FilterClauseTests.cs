using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

public class FilterClauseTests
{
    [Theory]
    [InlineData("(status = 'new'::text)", ClauseKind.Equality, "status")]
    [InlineData("((o.status)::text = 'new'::text)", ClauseKind.Equality, "status")]
    [InlineData("(id = ANY ('{1,2}'::integer[]))", ClauseKind.Equality, "id")]
    [InlineData("(\"Order\" = $1)", ClauseKind.Equality, "\"Order\"")]
    [InlineData("(NOT damaged)", ClauseKind.Equality, "damaged")]
    [InlineData("(total >= '5'::numeric)", ClauseKind.Range, "total")]
    [InlineData("(created_at > (now() - '1 day'::interval))", ClauseKind.Range, "created_at")]
    [InlineData("(name ~~ 'abc%'::text)", ClauseKind.Range, "name")]
    [InlineData("(deleted_at IS NULL)", ClauseKind.NullTest, "deleted_at")]
    [InlineData("(name ~~ '%abc'::text)", ClauseKind.UnanchoredPattern, "name")]
    [InlineData("(name ~~* 'abc%'::text)", ClauseKind.UnanchoredPattern, "name")]
    [InlineData("(lower(name) ~~ '%a AND b%'::text)", ClauseKind.UnanchoredPattern, "lower(name)")]
    [InlineData("(lower((email)::text) = 'a@b.c'::text)", ClauseKind.Expression, "lower((email)::text)")]
    [InlineData("((created_at)::date = '2026-01-01'::date)", ClauseKind.Expression, "(created_at)::date")]
    [InlineData("((id)::numeric = 77.0)", ClauseKind.CastColumn, "id")]
    [InlineData("(status <> 'done'::text)", ClauseKind.Other, "")]
    [InlineData("(a.x = b.y)", ClauseKind.Other, "")]
    [InlineData("((a = 1) OR (b = 2))", ClauseKind.Alternatives, "a, b")]
    [InlineData("((a = 1) OR ((b > 2) AND (lower(c) = 'x'::text)) OR (a = 7))", ClauseKind.Alternatives, "a, b")]
    [InlineData("((a = 1) OR (lower(b) = 'x'::text))", ClauseKind.Other, "")]
    [InlineData("(ROW(a, b) < ROW(7, 'x'::text))", ClauseKind.Range, "a")]
    [InlineData("(lower(a) ~~ 'x%'::text)", ClauseKind.Expression, "lower(a)")]
    [InlineData("(NOT (ANY (id = (hashed SubPlan 1).col1)))", ClauseKind.Other, "")]
    public void A_condition_is_judged_by_what_an_index_can_do_with_it(string filter, ClauseKind kind, string subject)
    {
        var clause = Assert.Single(FilterClause.Split(filter));
        Assert.Equal((kind, subject), (clause.Kind, kind == ClauseKind.Other ? "" : clause.Subject));
    }

    [Fact]
    public void Conditions_are_split_at_and_but_not_inside_quotes_or_parentheses()
    {
        var clauses = FilterClause.Split("((a = 'x AND y'::text) AND ((b = 1) OR ((c = 2) AND (d = 3))) AND (\"e AND f\" > 5))");
        Assert.Equal([ClauseKind.Equality, ClauseKind.Alternatives, ClauseKind.Range], clauses.Select(c => c.Kind));
    }

    [Theory]
    [InlineData("(order_id = o.id)", ClauseKind.Equality, "order_id")]
    [InlineData("(o.id = i.order_id)", ClauseKind.Equality, "order_id")]
    [InlineData("(i.order_id = ((o.id)::bigint + 1))", ClauseKind.Equality, "order_id")]
    [InlineData("(o.total < i.total)", ClauseKind.Range, "total")]
    [InlineData("(lower(i.email) = lower((o.note)::text COLLATE \"C\"))", ClauseKind.Expression, "lower(email)")]
    [InlineData("(i.order_id = i.parent_id)", ClauseKind.Other, "")]
    [InlineData("(order_id = parent_id)", ClauseKind.Other, "")]
    [InlineData("(i.tags @> '{a}'::text[])", ClauseKind.Containment, "tags")]
    [InlineData("(o.tags <@ i.tags)", ClauseKind.Containment, "tags")]
    [InlineData("(i.payload ? 'key'::text)", ClauseKind.Containment, "payload")]
    [InlineData("(lower(oi.email) = 'x'::text)", ClauseKind.Expression, "lower(oi.email)")]
    public void Columns_of_other_relations_are_values_to_a_scan(string filter, ClauseKind kind, string subject)
    {
        var clause = Assert.Single(FilterClause.Split(filter, "i"));
        Assert.Equal((kind, subject), (clause.Kind, kind == ClauseKind.Other ? "" : clause.Subject));
    }

    [Theory]
    [InlineData("(lower(c.email) = lower(o.note))", 1)]
    [InlineData("((c.a = o.a) AND (c.b < o.b) AND (c.x = c.y))", 1)]
    [InlineData("((c.a = o.a) OR (c.b = o.b))", 0)]
    [InlineData("(c.a = (o.a + c.b))", 0)]
    public void An_equality_between_relations_is_told_from_other_conditions(string filter, int expected) =>
        Assert.Equal(expected, FilterClause.EqualitiesBetweenRelations(filter).Count());
}
