using AgentHost.Sql.Queries;

namespace AgentHost.Sql.Tests.Queries;

public sealed class QueryAnalysisTests
{
    private static readonly Dictionary<string, string[]> Catalog = new(StringComparer.Ordinal)
    {
        ["tasks"] = ["id", "tenant_id", "project_id", "status", "title", "created_at", "deleted_at", "archived"],
        ["projects"] = ["id", "tenant_id", "name"],
        ["comments"] = ["id", "task_id", "body"],
    };

    private static QueryAnalysis Of(string sql) => QueryAnalysis.Of(sql, name => Catalog.GetValueOrDefault(name.Name));

    private static RelationUse Only(string sql) => Assert.Single(Of(sql).Relations);

    private static string Predicates(RelationUse use) => string.Join(", ", use.Predicates.Select(p => $"{p.Column} {p.Kind} {p.Operand.Kind}"));

    [Fact]
    public void Each_kind_of_condition_on_a_bare_column_is_told()
    {
        var use = Only("""
            SELECT title FROM tasks t
            WHERE t.tenant_id = $1 AND status IN ('open', 'new') AND created_at >= now() - interval '1 day'
              AND deleted_at IS NULL AND NOT archived AND project_id = ANY ($2) AND id BETWEEN 1 AND 9
            """);
        Assert.Equal(
            "tenant_id Equality Parameter, status Membership Constant, created_at Range Expression, deleted_at IsNull None, "
            + "archived IsFalse None, project_id Membership Parameter, id Range Constant",
            Predicates(use));
        Assert.Equal(["open", "new"], use.Predicates[1].Operand.Literals.Select(l => l.Value));
        Assert.Equal<string>(["archived", "created_at", "deleted_at", "id", "project_id", "status", "tenant_id", "title"], use.ColumnsUsed);
        Assert.Equal("t", use.Alias);
    }

    [Fact]
    public void What_a_btree_on_bare_columns_cannot_serve_is_noted_apart()
    {
        var use = Only("""
            SELECT 1 FROM tasks WHERE lower(title) = 'x' AND title LIKE '%a' AND status <> 'done' AND (tenant_id = 1 OR project_id = 2)
              AND created_at::date = '2026-01-01' AND created_at < deleted_at AND 5 = ANY (title)
            """);
        Assert.Empty(use.Predicates);
        Assert.Equal(
            [UnservedKind.Expression, UnservedKind.Pattern, UnservedKind.Inequality, UnservedKind.Disjunction, UnservedKind.Expression,
             UnservedKind.WithinRow, UnservedKind.Operator],
            use.Unserved.Select(u => u.Kind));
    }

    [Theory]
    [InlineData("lower(title) = $1", "lower(title) Equality Parameter")]
    [InlineData("'x' = lower(btrim(title, ' '))", "lower(btrim(title, ' ')) Equality Constant")]
    [InlineData("created_at::date BETWEEN '2026-01-01' AND $2", "(created_at::date) Range Parameter")]
    [InlineData("(id + tenant_id) % 7 IN (1, 2)", "((id + tenant_id) % 7) Membership Constant")]
    [InlineData("lower(title) LIKE 'abc%'", "lower(title) Prefix Constant")]
    [InlineData("coalesce(status, 'x') = 'x'", "COALESCE(status, 'x') Equality Constant")]
    [InlineData("lower(title) = lower(status)", "")]
    [InlineData("count(DISTINCT title) = 1", "")]
    [InlineData("title || $1 = 'x'", "")]
    public void An_expression_over_one_relation_that_is_compared_is_written_as_an_index_key(string condition, string expected)
    {
        var use = Only($"SELECT 1 FROM tasks WHERE {condition}");
        Assert.Equal(expected, string.Join(", ", use.Expressions.Select(e => $"{e.Expression} {e.Kind} {e.Operand.Kind}")));
        Assert.Equal(expected.Length > 0, Assert.Single(use.Unserved).HasExpression);
    }

    [Fact]
    public void A_subquery_that_an_expression_is_compared_with_is_read_once() =>
        Assert.Equal(2, Of("SELECT 1 FROM tasks WHERE lower(title) = (SELECT name FROM projects p WHERE p.id = project_id)").Relations.Length);

    [Theory]
    [InlineData("title LIKE 'abc%'", true)]
    [InlineData("title ~ '^abc'", true)]
    [InlineData("title LIKE '%abc'", false)]
    [InlineData("title LIKE $1", false)]
    [InlineData("title ILIKE 'abc%'", false)]
    [InlineData("title NOT LIKE 'abc%'", false)]
    [InlineData("title ~ '^a|b'", false)]
    [InlineData("title ~ '^a?b'", false)]
    [InlineData("title ~* '^abc'", false)]
    public void A_pattern_with_a_fixed_beginning_is_a_prefix(string condition, bool expected)
    {
        var use = Only($"SELECT 1 FROM tasks WHERE {condition}");
        Assert.Equal(expected, use.Predicates.Any(p => p.Kind == PredicateKind.Prefix));
        Assert.Equal(expected, use.Unserved.IsEmpty);
    }

    [Theory]
    [InlineData("status <> 'done'", "status: done")]
    [InlineData("'done' != status", "status: done")]
    [InlineData("status NOT IN ('done', 'gone')", "status: done gone")]
    [InlineData("status <> $1", "")]
    [InlineData("status <> title", "")]
    [InlineData("(status <> 'done' OR tenant_id = 1)", "")]
    [InlineData("NOT (status <> 'done')", "")]
    public void Constants_that_a_column_must_not_equal_are_told(string condition, string exclusions) =>
        Assert.Equal(exclusions, string.Join(", ", Only($"SELECT 1 FROM tasks WHERE {condition}").Exclusions.Select(e => $"{e.Column}: {string.Join(' ', e.Operand.Literals.Select(l => l.Value))}")));

    [Theory]
    [InlineData("id > 5", ">")]
    [InlineData("5 > id", "<")]
    [InlineData("5 <= id", ">=")]
    [InlineData("(id, tenant_id) < (5, 7)", "<=")]
    [InlineData("id BETWEEN 1 AND 5", null)]
    public void A_bound_says_on_which_side_of_it_the_rows_lie(string condition, string? op) =>
        Assert.Equal(op, Assert.Single(Only($"SELECT 1 FROM tasks WHERE {condition}").Predicates, p => p.Column == "id").Operator);

    [Fact]
    public void Or_of_equalities_on_one_column_is_membership() =>
        Assert.Equal("status Membership Constant", Predicates(Only("SELECT 1 FROM tasks WHERE status = 'a' OR status = 'b'")));

    [Fact]
    public void Unqualified_columns_of_a_join_go_to_the_relation_that_has_them()
    {
        var analysis = Of("SELECT title, name FROM tasks t JOIN projects p ON p.id = project_id WHERE status = 'open' AND name = 'x'");
        Assert.Equal("project_id Equality Column, status Equality Constant", Predicates(analysis.Relations[0]));
        Assert.Equal("id Equality Column, name Equality Constant", Predicates(analysis.Relations[1]));
        Assert.Equal(new JoinedColumn(new QualifiedName(null, "projects"), "p", "id"), analysis.Relations[0].Predicates[0].Operand.Column);
    }

    [Fact]
    public void A_correlated_reference_belongs_to_the_outer_relation()
    {
        var analysis = Of("SELECT id FROM projects p WHERE EXISTS (SELECT 1 FROM tasks t WHERE t.project_id = p.id AND status = 'open')");
        Assert.Equal("id Equality Column", Predicates(analysis.Relations.Single(r => r.Alias == "p")));
        Assert.Equal("project_id Equality Column, status Equality Constant", Predicates(analysis.Relations.Single(r => r.Alias == "t")));
    }

    [Fact]
    public void An_inner_alias_hides_an_outer_one()
    {
        var analysis = Of("SELECT 1 FROM tasks t WHERE t.status = 'a' AND EXISTS (SELECT 1 FROM comments t WHERE t.task_id = 3)");
        Assert.Equal("status Equality Constant", Predicates(analysis.Relations.Single(r => r.Table.Name == "tasks")));
        Assert.Equal("task_id Equality Constant", Predicates(analysis.Relations.Single(r => r.Table.Name == "comments")));
    }

    [Fact]
    public void Lateral_sees_its_siblings_and_keeps_its_order()
    {
        var analysis = Of("""
            SELECT p.name, l.title FROM projects p
            CROSS JOIN LATERAL (SELECT title FROM tasks WHERE project_id = p.id ORDER BY created_at DESC LIMIT 3) l WHERE p.tenant_id = $1
            """);
        var tasks = analysis.Relations.Single(r => r.Table.Name == "tasks");
        Assert.Equal("project_id Equality Column", Predicates(tasks));
        Assert.Equal<SortKey>([new SortKey("created_at", true, true)], tasks.OrderBy);
        Assert.True(tasks.HasLimit);
        Assert.False(analysis.Relations[0].HasLimit);
    }

    [Fact]
    public void A_function_alias_is_not_a_table()
    {
        var analysis = Of("SELECT d, count(*) FROM generate_series(1, 10) d LEFT JOIN tasks t ON t.project_id = d GROUP BY d");
        Assert.Equal("tasks", Assert.Single(analysis.Relations).Table.Name);
        Assert.Empty(analysis.UnresolvedColumns);
    }

    [Fact]
    public void A_cte_hides_a_table_of_its_name_and_passes_conditions_on()
    {
        var analysis = Of("WITH projects AS (SELECT id AS pid, status AS s FROM tasks) SELECT * FROM projects x WHERE x.s = 'open' ORDER BY pid LIMIT 5");
        var tasks = Assert.Single(analysis.Relations);
        Assert.Equal("tasks", tasks.Table.Name);
        Assert.Equal("status Equality Constant", Predicates(tasks));
        Assert.Equal<SortKey>([new SortKey("id", false, false)], tasks.OrderBy);
    }

    [Fact]
    public void A_schema_qualified_name_is_never_a_cte()
    {
        var analysis = Of("WITH tasks AS (SELECT 1) SELECT * FROM public.tasks");
        Assert.Equal(new QualifiedName("public", "tasks"), Assert.Single(analysis.Relations).Table);
    }

    [Fact]
    public void A_recursive_cte_refers_to_itself_not_to_a_table()
    {
        var analysis = Of("""
            WITH RECURSIVE tree AS (SELECT id, project_id FROM tasks WHERE id = $1
              UNION ALL SELECT t.id, t.project_id FROM tasks t JOIN tree ON t.project_id = tree.id) SELECT * FROM tree
            """);
        Assert.Equal(["tasks", "tasks"], analysis.Relations.Select(r => r.Table.Name));
        Assert.Equal("id Equality Parameter", Predicates(analysis.Relations[0]));
    }

    [Fact]
    public void A_condition_outside_of_a_limit_stays_outside() =>
        Assert.Empty(Only("SELECT * FROM (SELECT id, status FROM tasks ORDER BY id LIMIT 10) s WHERE s.status = 'open'").Predicates);

    [Fact]
    public void An_outer_joins_condition_restricts_only_the_side_that_may_be_missing()
    {
        var analysis = Of("SELECT 1 FROM tasks t LEFT JOIN projects p ON p.id = t.project_id AND p.name = 'x' AND t.status = 'open'");
        Assert.Equal("project_id Equality Column", Predicates(analysis.Relations[0]));
        Assert.Equal("id Equality Column, name Equality Constant", Predicates(analysis.Relations[1]));
    }

    [Theory]
    [InlineData("ORDER BY tenant_id, created_at DESC NULLS LAST", "tenant_id ASC LAST, created_at DESC LAST")]
    [InlineData("ORDER BY 2", "created_at ASC LAST")]
    [InlineData("ORDER BY made DESC", "created_at DESC FIRST")]
    [InlineData("ORDER BY lower(title)", "lower(title) ASC LAST")]
    public void Order_is_told_where_all_keys_belong_to_one_relation(string order, string expected)
    {
        var use = Only($"SELECT id, created_at AS made FROM tasks {order}");
        Assert.Equal(expected, string.Join(", ", use.OrderBy.Select(k => $"{k.Column} {(k.Descending ? "DESC" : "ASC")} {(k.NullsFirst ? "FIRST" : "LAST")}")));
    }

    [Fact]
    public void Order_over_two_relations_is_nobodys()
    {
        var analysis = Of("SELECT 1 FROM tasks t JOIN projects p ON p.id = t.project_id ORDER BY p.name, t.created_at");
        Assert.All(analysis.Relations, r => Assert.Empty(r.OrderBy));
    }

    [Fact]
    public void The_greatest_value_is_the_first_in_order()
    {
        var use = Only("SELECT max(created_at) FROM tasks WHERE tenant_id = 1");
        Assert.Equal<SortKey>([new SortKey("created_at", true, true)], use.OrderBy);
        Assert.True(use.HasLimit);
    }

    [Fact]
    public void Grouping_by_columns_of_one_relation_is_told() =>
        Assert.Equal<string>(["status"], Only("SELECT status, count(*) FROM tasks GROUP BY 1").GroupBy);

    [Fact]
    public void A_keyset_comparison_seeks_by_its_first_column() =>
        Assert.Equal("created_at Range Parameter",
            Predicates(Only("SELECT id FROM tasks WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT 20")));

    [Fact]
    public void In_with_a_subquery_joins_both_sides()
    {
        var analysis = Of("SELECT 1 FROM tasks WHERE project_id IN (SELECT id FROM projects WHERE tenant_id = 4)");
        Assert.Equal("project_id Equality Column", Predicates(analysis.Relations[0]));
        Assert.Equal("tenant_id Equality Constant, id Equality Column", Predicates(analysis.Relations[1]));
    }

    [Fact]
    public void An_update_tells_what_it_seeks_and_what_it_sets()
    {
        var analysis = Of("UPDATE tasks SET status = 'done', archived = true FROM projects p WHERE p.id = project_id AND p.name = $3");
        Assert.Equal(QueryKind.Update, analysis.Kind);
        Assert.Equal<string>(["archived", "status"], analysis.AssignedColumns);
        Assert.Equal("project_id Equality Column", Predicates(analysis.Relations[0]));
        Assert.True(analysis.Relations[0].IsTarget);
        Assert.Equal(3, analysis.ParameterCount);
    }

    [Fact]
    public void Quoted_names_keep_their_case()
    {
        var use = Assert.Single(QueryAnalysis.Of("""SELECT * FROM "App"."Task" x WHERE x."Tenant" = 1""").Relations);
        Assert.Equal(new QualifiedName("App", "Task"), use.Table);
        Assert.Equal("Tenant", Assert.Single(use.Predicates).Column);
        Assert.True(use.AllColumns);
    }

    [Fact]
    public void Using_joins_the_column_of_both_sides()
    {
        var analysis = QueryAnalysis.Of("SELECT 1 FROM a JOIN b USING (k)");
        Assert.All(analysis.Relations, r => Assert.Equal("k Equality Column", Predicates(r)));
    }

    [Fact]
    public void An_unknown_column_is_named() => Assert.Equal<string>(["nope"], Of("SELECT nope FROM tasks").UnresolvedColumns);

    [Theory]
    [InlineData("")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELEC 1")]
    public void Anything_but_one_statement_is_refused(string sql) => Assert.ThrowsAny<SqlInputException>(() => Of(sql));

    [Fact]
    public void A_chain_of_nine_hundred_terms_is_read()
    {
        var use = Only("SELECT 1 FROM tasks WHERE id = " + string.Join("+", Enumerable.Repeat("1", 900)));
        Assert.Equal("id Equality Expression", Predicates(use));
    }

    [Fact]
    public void Two_thousand_unions_are_refused_by_name()
    {
        var sql = string.Join(" UNION ALL ", Enumerable.Repeat("SELECT 1", 2_000));
        Assert.Contains("deeply", Assert.ThrowsAny<SqlInputException>(() => Of(sql)).Message, StringComparison.Ordinal);
    }
}
