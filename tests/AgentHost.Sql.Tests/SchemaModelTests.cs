using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Tests;

public sealed class SchemaModelTests
{
    private static SchemaModel Replay(string sql) => SchemaModel.Empty.Apply(SqlParser.Parse(sql));

    private static TableModel Table(SchemaModel model, string name) => Assert.IsType<TableModel>(model.Table(new QualifiedName(null, name)));

    private static string[] Constraints(string sql) => [.. Table(Replay(sql), "t").Constraints.Select(c => c.Name!)];

    private static string[] Indexes(string sql) => [.. Table(Replay(sql), "t").Indexes.Select(i => i.Name)];

    [Fact]
    public void Constraints_get_the_names_that_PostgreSQL_makes_up() => Assert.Equal(
        ["t_pkey", "t_a_key", "t_a_check", "t_b_fkey", "t_a_b_key", "t_check", "t_check1", "t_a_b_fkey", "t_a_check1"],
        Constraints("""
            CREATE TABLE t (
              id serial PRIMARY KEY, a int UNIQUE CHECK (a > 0), b int REFERENCES x,
              UNIQUE (a, b), CHECK (a > b), CHECK (a < b), FOREIGN KEY (a, b) REFERENCES y (c, d));
            ALTER TABLE t ADD CHECK (a <> 5);
            """));

    [Fact]
    public void Indexes_get_the_names_that_PostgreSQL_makes_up() => Assert.Equal(
        ["t_a_b_idx", "t_lower_idx", "t_expr_idx", "t_a_b_idx1", "t_lower_lower1_idx", "t_b_idx", "t_a_coalesce_expr_case_b_idx"],
        Indexes("""
            CREATE TABLE t (a int, b text);
            CREATE INDEX ON t (a, b); CREATE INDEX ON t (lower(b)); CREATE INDEX ON t ((a + 1)); CREATE INDEX ON t (a) INCLUDE (b);
            CREATE INDEX ON t (lower(b), lower(b || b)); CREATE INDEX ON t ((b));
            CREATE INDEX ON t ((a::text), (coalesce(a, 1)), (a + 1), (CASE WHEN a > 1 THEN 1 END), (b COLLATE "C"));
            """));

    [Fact]
    public void A_long_made_up_name_is_cut_to_63_bytes_on_both_sides() => Assert.Equal(
        "a_rather_long_table_name_that_another_long_column_name_of__fkey",
        Assert.Single(Replay("CREATE TABLE a_rather_long_table_name_that_goes_on (another_long_column_name_of_it int REFERENCES x)")
            .Tables).Constraints[0].Name);

    [Fact]
    public void Serial_identity_and_primary_key_columns_refuse_nulls()
    {
        var table = Table(Replay("CREATE TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY, c int, d int NOT NULL, e int, PRIMARY KEY (c))"), "t");
        Assert.Equal([true, true, true, true, false], table.Columns.Select(c => c.IsNotNull));
        Assert.True(Assert.Single(table.Indexes).IsPrimary);
        Assert.Equal("t_pkey", table.PrimaryKey!.Name);
    }

    [Fact]
    public void A_check_proves_not_null_once_it_is_validated()
    {
        var model = Replay("CREATE TABLE t (a int, b int); ALTER TABLE t ADD CONSTRAINT n CHECK (a IS NOT NULL AND b > 0) NOT VALID");
        Assert.False(Table(model, "t").ProvesNotNull("a"));
        model = model.Apply(SqlParser.Parse("ALTER TABLE t VALIDATE CONSTRAINT n"));
        Assert.True(Table(model, "t").ProvesNotNull("a"));
        Assert.False(Table(model, "t").ProvesNotNull("b"));
        Assert.False(Table(model.Apply(SqlParser.Parse("ALTER TABLE t DROP CONSTRAINT n")), "t").ProvesNotNull("a"));
    }

    [Fact]
    public void A_disjunction_proves_nothing() =>
        Assert.False(Table(Replay("CREATE TABLE t (a int, b int, CHECK (a IS NOT NULL OR b IS NOT NULL))"), "t").ProvesNotNull("a"));

    [Fact]
    public void A_dropped_column_takes_its_indexes_and_constraints_along()
    {
        var model = Replay("""
            CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE, b int CHECK (b > 0), c int REFERENCES t);
            CREATE TABLE u (x int REFERENCES t (a), y int REFERENCES t);
            CREATE INDEX i ON t (b) WHERE a > 0; CREATE INDEX j ON t (lower(c::text)); CREATE INDEX k ON t (b);
            ALTER TABLE t DROP COLUMN a;
            """);
        Assert.Equal(["id", "b", "c"], Table(model, "t").Columns.Select(c => c.Name));
        Assert.Equal(["t_pkey", "j", "k"], Table(model, "t").Indexes.Select(i => i.Name));
        Assert.Equal(["u_y_fkey"], Table(model, "u").Constraints.Select(c => c.Name));
        Assert.Null(model.Index(new QualifiedName(null, "i")));
        Assert.Empty(Table(model.Apply(SqlParser.Parse("ALTER TABLE t DROP COLUMN id")), "u").Constraints);
    }

    [Fact]
    public void A_renamed_table_keeps_its_indexes_partitions_and_references()
    {
        var model = Replay("""
            CREATE TABLE t (id int, at date) PARTITION BY RANGE (at);
            CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
            CREATE TABLE u (t int, FOREIGN KEY (t) REFERENCES t (id)); CREATE INDEX i ON t (id); CREATE VIEW v AS SELECT * FROM t;
            ALTER TABLE t RENAME TO moved; ALTER TABLE moved RENAME id TO key; ALTER TABLE moved SET SCHEMA archive;
            """);
        var moved = new QualifiedName("archive", "moved");
        Assert.Null(model.Table(new QualifiedName(null, "t")));
        Assert.Equal("t1", Assert.Single(model.PartitionsOf(moved)).Name.Name);
        Assert.Equal(["key", "at"], Table(model, "t1").Columns.Select(c => c.Name));
        Assert.Equal(["key"], Assert.Single(model.ForeignKeysTo(moved)).Constraint.ReferencedColumns.ToArray());
        Assert.Equal("key", model.Index(new QualifiedName("archive", "i"))!.Keys[0].Column);
        Assert.Equal([moved], model.View(new QualifiedName(null, "v"))!.Relations.ToArray());
    }

    [Fact]
    public void An_index_becomes_a_constraint_and_takes_its_name()
    {
        var table = Table(Replay("CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY USING INDEX i"), "t");
        Assert.Equal(("pk", true), (Assert.Single(table.Indexes).Name, table.Indexes[0].IsPrimary));
        Assert.Equal(["a"], table.PrimaryKey!.Columns.ToArray());
        Assert.True(table.Columns[0].IsNotNull);
    }

    [Fact]
    public void Dropped_objects_are_gone_with_what_depends_on_them()
    {
        var model = Replay("""
            CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (t int REFERENCES t); CREATE VIEW v AS SELECT 1 FROM t; CREATE VIEW w AS SELECT 1 FROM v;
            CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX mi ON m (a);
            CREATE SCHEMA s; CREATE TABLE s.x (a int);
            """);
        Assert.Equal(new QualifiedName("public", "m"), model.Index(new QualifiedName(null, "mi"))!.Table);
        model = model.Apply(SqlParser.Parse("DROP TABLE t CASCADE; DROP INDEX mi; DROP SCHEMA s CASCADE"));
        Assert.Equal(["u"], model.Tables.Select(t => t.Name.Name));
        Assert.Equal(["m"], model.Views.Select(t => t.Name.Name));
        Assert.Empty(Table(model, "u").Constraints);
        Assert.Null(model.Index(new QualifiedName(null, "mi")));
    }

    [Fact]
    public void Types_are_known()
    {
        var model = Replay("""
            CREATE TYPE mood AS ENUM ('sad'); ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad';
            CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL CHECK (VALUE > 0);
            """);
        Assert.Equal(["sad", "glad"], model.Enum(new QualifiedName(null, "mood"))!.Values.ToArray());
        var domain = model.Domain(new QualifiedName("public", "positive"))!;
        Assert.Equal([ConstraintKind.NotNull, ConstraintKind.Check], domain.Constraints.Select(c => c.Kind));
        Assert.Equal(("VALUE > 0", "1"), (domain.Constraints[1].Check!.Text, domain.Default!.Text));
    }

    [Fact]
    public void The_search_path_decides_where_a_name_lives()
    {
        var model = Replay("SET search_path = app, public; CREATE TABLE t (a int); CREATE TABLE public.u (a int)");
        Assert.Equal(new QualifiedName("app", "t"), Table(model, "t").Name);
        Assert.Equal(new QualifiedName("public", "u"), Table(model, "u").Name);
        Assert.Null(model.Table(new QualifiedName("public", "t")));
    }

    [Fact]
    public void A_table_from_a_query_has_columns_that_are_not_known() =>
        Assert.False(Table(Replay("CREATE TABLE t AS SELECT * FROM u"), "t").ColumnsAreKnown);

    [Fact]
    public void A_new_table_has_no_unvalidated_constraints() =>
        Assert.False(Table(Replay("CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES u NOT VALID)"), "t").Constraints[0].NotValid);

    [Fact]
    public void Partitions_take_over_what_their_parent_has()
    {
        var model = Replay("""
            CREATE TABLE x (id int PRIMARY KEY);
            CREATE TABLE t (id int, at date, x int CONSTRAINT tx REFERENCES x, CONSTRAINT pk PRIMARY KEY (id, at), CHECK (id > 0)) PARTITION BY RANGE (at);
            CREATE INDEX named ON t (at);
            CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
            CREATE TABLE t2 (id int NOT NULL, at date NOT NULL, x int, CONSTRAINT t_id_check CHECK (id > 0)); CREATE INDEX own ON t2 (at);
            ALTER TABLE t ATTACH PARTITION t2 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            ALTER TABLE t ADD COLUMN note text; CREATE INDEX ON t (note); ALTER TABLE t RENAME note TO remark;
            """);
        Assert.Equal(["id", "at", "x", "remark"], Table(model, "t1").Columns.Select(c => c.Name));
        Assert.Equal(["t1_pkey", "t_id_check", "tx"], Table(model, "t1").Constraints.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["t1_at_idx", "t1_note_idx", "t1_pkey"], Table(model, "t1").Indexes.Select(i => i.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["own", "t2_note_idx", "t2_pkey"], Table(model, "t2").Indexes.Select(i => i.Name).Order(StringComparer.Ordinal));
    }
}
