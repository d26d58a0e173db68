using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Tests;

public sealed class SqlParserTests
{
    private static T Only<T>(string sql) where T : Statement => Assert.IsType<T>(Assert.Single(SqlParser.Parse(sql).Statements));

    private static T OnlyAction<T>(string sql) where T : AlterAction => Assert.IsType<T>(Assert.Single(Only<AlterTable>(sql).Actions));

    [Fact]
    public void Spans_begin_at_the_first_token_and_end_before_the_semicolon()
    {
        var script = SqlParser.Parse("-- über\n\n  /* a ; b */ SELECT '🐘é' ;\n\tDROP TABLE a -- gone\n;");
        Assert.Equal(["SELECT '🐘é'", "DROP TABLE a"], script.Statements.Select(script.TextOf));
        Assert.Equal((3, 15), (script.Statements[0].Span.Line, script.Statements[0].Span.Column));
        Assert.Equal((4, 2), (script.Statements[1].Span.Line, script.Statements[1].Span.Column));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n-- nothing\n/* at all */")]
    [InlineData("\uFEFF")]
    [InlineData(";;")]
    public void A_text_without_statements_is_an_empty_script(string sql) => Assert.Empty(SqlParser.Parse(sql).Statements);

    [Fact]
    public void A_syntax_error_has_the_message_of_PostgreSQL_and_its_place()
    {
        var error = Assert.Throws<SqlSyntaxException>(() => SqlParser.Parse("SELECT 'é🐘';\nCREATE tabel a (b int);"));
        Assert.Equal("syntax error at or near \"tabel\"", error.Reason);
        Assert.Equal((2, 8, 5), (error.Span.Line, error.Span.Column, error.Span.Length));
    }

    [Fact]
    public void An_error_at_the_end_points_behind_the_last_character()
    {
        var error = Assert.Throws<SqlSyntaxException>(() => SqlParser.Parse("SELECT (1"));
        Assert.Equal("syntax error at end of input", error.Reason);
        Assert.Equal((1, 10, 0), (error.Span.Line, error.Span.Column, error.Span.Length));
    }

    [Fact]
    public void A_table_has_its_columns_types_and_constraints()
    {
        var table = Only<CreateTable>("""
            CREATE TABLE IF NOT EXISTS app.t (
              id bigserial PRIMARY KEY,
              name varchar(20) COLLATE "C" DEFAULT 'x, y' || lower(now()::text) NOT NULL CHECK (name <> '' AND (id > 0)),
              at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
              tags text[] DEFAULT ARRAY['a','b']::text[],
              net numeric(10,2) GENERATED ALWAYS AS (id * 2) STORED,
              owner int REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
              CONSTRAINT pos CHECK (net IS NOT NULL AND name IS NOT NULL),
              FOREIGN KEY (owner, id) REFERENCES b,
              UNIQUE (name, at) INCLUDE (net)
            ) PARTITION BY RANGE (at)
            """);
        Assert.Equal(new QualifiedName("app", "t"), table.Table);
        Assert.True(table.IfNotExists && table.IsPartitioned);
        Assert.Equal(
            ["bigint", "character varying(20)", "timestamp(3) with time zone", "text[]", "numeric(10,2)", "integer"],
            table.Columns.Select(c => c.Type.ToString()));
        Assert.True(table.Columns[0].Type.IsSerial);
        Assert.Equal([null, "'x, y' || lower(now()::text)", "CURRENT_TIMESTAMP", "ARRAY['a','b']::text[]", null, null], table.Columns.Select(c => c.Default?.Text));
        Assert.Equal([false, true, true, false, false, false], table.Columns.Select(c => c.IsNotNull));
        Assert.Equal(["lower", "now"], table.Columns[1].Default!.Functions.Select(f => f.Name));
        Assert.Equal(["current_timestamp"], table.Columns[2].Default!.Functions.Select(f => f.Name));
        Assert.True(table.Columns[3].Default!.IsConstant);
        Assert.Equal("id * 2", table.Columns[4].Generated!.Text);
        Assert.Equal("name <> '' AND (id > 0)", table.Columns[1].Constraints[1].Check!.Text);
        var reference = table.Columns[5].Constraints[0];
        Assert.Equal((ConstraintKind.ForeignKey, "users", "CASCADE"), (reference.Kind, reference.References!.Name, reference.OnDelete));
        Assert.Equal([ConstraintKind.Check, ConstraintKind.ForeignKey, ConstraintKind.Unique], table.Constraints.Select(c => c.Kind));
        Assert.Equal(["name", "net"], table.Constraints[0].Check!.NotNullColumns.Order());
        Assert.Equal("pos", table.Constraints[0].Name);
    }

    [Theory]
    [InlineData("false", true)]
    [InlineData("-1.5", true)]
    [InlineData("'{}'::jsonb", true)]
    [InlineData("ARRAY[]::text[]", true)]
    [InlineData("CAST(0 AS numeric(4,1))", true)]
    [InlineData("now()", false)]
    [InlineData("CURRENT_DATE", false)]
    [InlineData("gen_random_uuid()", false)]
    [InlineData("1 + 1", false)]
    public void A_default_is_constant_where_it_is_a_literal_or_made_of_literals(string value, bool constant)
    {
        var column = OnlyAction<AddColumn>($"ALTER TABLE t ADD COLUMN c int DEFAULT {value} NOT NULL").Column;
        Assert.Equal((value, constant), (column.Default!.Text, column.Default.IsConstant));
        Assert.True(column.IsNotNull);
    }

    [Fact]
    public void Actions_of_an_alter_table_have_their_own_spans()
    {
        const string Sql = """
            ALTER TABLE IF EXISTS ONLY public.t
              ADD COLUMN a numeric(5, 2) DEFAULT round(1, 2),
              DROP COLUMN b CASCADE,
              ALTER c TYPE bigint USING (c + 1)::bigint,
              ALTER COLUMN d SET NOT NULL,
              ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES other (id) NOT VALID,
              ADD CHECK (x > 0) NOT VALID,
              VALIDATE CONSTRAINT f,
              ALTER e SET DEFAULT ARRAY[1,2],
              ALTER e DROP DEFAULT,
              ENABLE ROW LEVEL SECURITY
            """;
        var script = SqlParser.Parse(Sql);
        var alter = Assert.IsType<AlterTable>(script.Statements[0]);
        Assert.Equal(Sql.Split('\n')[1..].Select(l => l.Trim().TrimEnd(',')), alter.Actions.Select(a => script.TextOf(a.Span)));
        Assert.Equal(Enumerable.Range(2, 10), alter.Actions.Select(a => a.Span.Line));
        Assert.Equal(
            [typeof(AddColumn), typeof(DropColumn), typeof(AlterColumnType), typeof(SetNotNull), typeof(AddConstraint), typeof(AddConstraint),
             typeof(ValidateConstraint), typeof(SetDefault), typeof(SetDefault), typeof(OtherAction)],
            alter.Actions.Select(a => a.GetType()));
        Assert.Equal("(c + 1)::bigint", ((AlterColumnType)alter.Actions[2]).Using!.Text);
        Assert.True(((AddConstraint)alter.Actions[4]).Constraint.NotValid);
        Assert.Equal("ARRAY[1,2]", ((SetDefault)alter.Actions[7]).Default!.Text);
        Assert.True(alter.Only && alter.IfExists);
    }

    [Fact]
    public void An_index_has_its_keys_and_predicate()
    {
        var index = Only<CreateIndex>("""
            CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY app.t USING gin
              (a DESC, lower(b) COLLATE "C" text_pattern_ops, (c + 1) ASC NULLS FIRST, d jsonb_path_ops) INCLUDE (e, f) WHERE deleted_at IS NULL
            """);
        Assert.Equal((true, true, true, true, "gin"), (index.IsUnique, index.Concurrently, index.IfNotExists, index.Only, index.Method));
        Assert.Equal(["a", null, null, "d"], index.Keys.Select(k => k.Column));
        Assert.Equal([null, "lower(b)", "c + 1", null], index.Keys.Select(k => k.Expression?.Text));
        Assert.Equal([true, false, true, false], index.Keys.Select(k => k.NullsFirst));
        Assert.Equal("jsonb_path_ops", index.Keys[3].OperatorClass!.Name);
        Assert.Equal(["e", "f"], index.Include.ToArray());
        Assert.Equal("deleted_at IS NULL", index.Predicate!.Text);
        Assert.Equal(["deleted_at"], index.Predicate.Columns.ToArray());
    }

    [Fact]
    public void Drops_and_renames_name_their_objects()
    {
        var drop = Only<DropObjects>("DROP TABLE IF EXISTS a, b.c CASCADE");
        Assert.Equal([new QualifiedName(null, "a"), new QualifiedName("b", "c")], drop.Names.ToArray());
        Assert.True(drop.IfExists && drop.Cascade);
        Assert.True(Only<DropObjects>("DROP INDEX CONCURRENTLY i").Concurrently);
        var trigger = Only<DropObjects>("DROP TRIGGER x ON s.t");
        Assert.Equal((ObjectKind.Trigger, "x", new QualifiedName("s", "t")), (trigger.Kind, trigger.Names[0].Name, trigger.Tables[0]));
        Assert.Equal(("a", "b"), Only<RenameColumn>("ALTER TABLE t RENAME a TO b") is var column ? (column.From, column.To) : default);
        Assert.Equal("u", Only<RenameObject>("ALTER TABLE s.t RENAME TO u").To);
        Assert.Equal("c2", Only<RenameConstraint>("ALTER TABLE s.t RENAME CONSTRAINT c TO c2").To);
        Assert.Equal(new QualifiedName(null, "mood"), Only<RenameObject>("ALTER TYPE mood RENAME TO feeling").From);
        Assert.Equal("archive", Only<MoveToSchema>("ALTER TABLE t SET SCHEMA archive").Schema);
    }

    [Theory]
    [InlineData("SET lock_timeout = '2s'", "lock_timeout", "2s", false)]
    [InlineData("SET LOCAL statement_timeout TO 0", "statement_timeout", "0", true)]
    [InlineData("RESET lock_timeout", "lock_timeout", null, false)]
    [InlineData("RESET ALL", "all", null, false)]
    [InlineData("SET search_path = app, public", "search_path", "app, public", false)]
    [InlineData("SELECT pg_catalog.set_config('search_path', '', false)", "search_path", "", false)]
    public void Settings_are_read(string sql, string name, string? value, bool local)
    {
        var setting = Only<SetVariable>(sql);
        Assert.Equal((name, value, local), (setting.Name, setting.Value, setting.IsLocal));
    }

    [Fact]
    public void A_query_names_the_relations_it_reads_but_not_its_own_table_expressions()
    {
        var query = Only<RowStatement>(
            "WITH users AS (SELECT * FROM users WHERE id IN (SELECT id FROM a.b)), x AS (SELECT count(*) FROM users, y) SELECT * FROM x JOIN orders ON true");
        Assert.Equal(["users", "a.b", "y", "orders"], query.Relations.Select(r => r.ToString()));
        Assert.True(query.IsRead);
        Assert.Equal(["t"], Only<RowStatement>("WITH RECURSIVE r AS (SELECT 1 FROM t UNION SELECT 1 FROM r) SELECT * FROM r").Relations.Select(r => r.Name));
    }

    [Theory]
    [InlineData("SELECT 1 FROM t FOR UPDATE", false)]
    [InlineData("WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d", false)]
    [InlineData("VALUES (1)", true)]
    [InlineData("INSERT INTO t VALUES (1)", false)]
    public void What_writes_or_locks_rows_is_no_read(string sql, bool reads) => Assert.Equal(reads, Only<RowStatement>(sql).IsRead);

    [Theory]
    [InlineData("SELECT 1 \\gexec\nSELECT 2;", 2)]
    [InlineData("SELECT 1\n\\g\nSELECT 2\n\\gset\n", 2)]
    [InlineData("\\if :x\nSELECT 1;\n\\endif\n\\echo 'it''s'\n", 1)]
    [InlineData("SELECT E'\\g', '\\g' FROM t;", 1)]
    [InlineData("SET lock_timeout = :'timeout'; SET work_mem = :memory;", 2)]
    [InlineData("ALTER TABLE :\"table\" ADD a int; ALTER TABLE :schema.:table ADD b int;", 2)]
    [InlineData("SELECT a[1:2], a[:n], b::text, f(x := 1), JSON_OBJECT('k': v, 'l' : w) FROM t WHERE a = :id LIMIT :n;", 1)]
    public void What_psql_keeps_to_itself_or_replaces_is_no_syntax_error(string sql, int statements) =>
        Assert.Equal(statements, SqlParser.Parse(sql).Statements.Length);

    [Fact]
    public void A_variable_of_psql_where_a_value_stands_is_a_value_that_is_not_known()
    {
        var update = Assert.IsType<RowStatement>(Assert.Single(SqlParser.Parse("UPDATE t SET a = :'note' WHERE id = :id AND b > :low;").Statements));
        Assert.Equal(["b > $1", "id = $1"], update.Where!.Comparisons.Select(c => $"{c.Column} {c.Operator} {c.Values.Single()}").Order(StringComparer.Ordinal));
    }
}
