using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Tests;

/// <summary>Scripts that psql runs but the server never sees as they are: dumps of pg_dump 17.</summary>
public sealed class DumpTests
{
    private const string Dump = """
        --
        -- PostgreSQL database dump
        --

        \restrict gJxwEhNOEyo54szcbgsKwt8p8BeCRCCDbAC71dz

        SET lock_timeout = 0;
        SELECT pg_catalog.set_config('search_path', '', false);

        CREATE TYPE public.mood AS ENUM (
            'sad',
            'ok'
        );

        CREATE FUNCTION public.f() RETURNS integer
            LANGUAGE sql
            BEGIN ATOMIC
         SELECT 1;
         SELECT 2;
        END;

        CREATE TABLE public.users (
            id bigint NOT NULL,
            name character varying(20) DEFAULT 'x;y'::character varying NOT NULL,
            mood public.mood
        );

        ALTER TABLE public.users OWNER TO postgres;

        CREATE SEQUENCE public.users_id_seq
            START WITH 1
            INCREMENT BY 1
            NO MINVALUE
            NO MAXVALUE
            CACHE 1;

        ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;

        CREATE TABLE public.tasks (
            id integer NOT NULL,
            user_id bigint,
            note text,
            CONSTRAINT tasks_note_check CHECK ((note IS NOT NULL))
        );

        ALTER TABLE public.tasks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
            SEQUENCE NAME public.tasks_id_seq
            START WITH 1
        );

        ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);

        COPY public.users (id, name, mood) FROM stdin;
        1	a;b'c\tx\\y	\N
        2	é( /* DROP TABLE	\N
        \.

        COPY public.tasks (id, user_id, note) FROM stdin;
        \.

        SELECT pg_catalog.setval('public.users_id_seq', 2, true);

        ALTER TABLE ONLY public.tasks
            ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);

        ALTER TABLE ONLY public.users
            ADD CONSTRAINT users_pkey PRIMARY KEY (id);

        CREATE INDEX tasks_lower_idx ON public.tasks USING btree (lower(note)) WHERE (user_id IS NOT NULL);

        ALTER TABLE ONLY public.tasks
            ADD CONSTRAINT tasks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

        \unrestrict gJxwEhNOEyo54szcbgsKwt8p8BeCRCCDbAC71dz
        """;

    [Fact]
    public void A_dump_replays_into_its_tables()
    {
        var model = SchemaModel.Empty.Apply(SqlParser.Parse(Dump));
        Assert.Equal(["tasks", "users"], model.Tables.Select(t => t.Name.Name).Order());
        var tasks = model.Table(new QualifiedName(null, "tasks"))!;
        Assert.Equal(["tasks_note_check", "tasks_pkey", "tasks_user_id_fkey"], tasks.Constraints.Select(c => c.Name));
        Assert.True(tasks.ProvesNotNull("note"));
        Assert.True(tasks.Column("id")!.IsIdentity);
        Assert.Equal("user_id IS NOT NULL", model.Index(new QualifiedName("public", "tasks_lower_idx"))!.Predicate!.Text.Trim('(', ')'));
        Assert.Equal("nextval('public.users_id_seq'::regclass)", model.Table(new QualifiedName("public", "users"))!.Column("id")!.Default!.Text);
        Assert.Equal("mood", model.Enum(new QualifiedName(null, "mood"))!.Name.Name);
    }

    [Fact]
    public void What_is_passed_over_moves_no_offset()
    {
        var script = SqlParser.Parse(Dump);
        var last = script.Statements[^1];
        Assert.Equal(Dump[..Dump.IndexOf("ALTER TABLE ONLY public.tasks\n    ADD CONSTRAINT tasks_user_id_fkey", StringComparison.Ordinal)].Count(c => c == '\n') + 1, last.Span.Line);
        Assert.EndsWith("ON DELETE CASCADE", script.TextOf(last), StringComparison.Ordinal);
        Assert.Equal(Dump, script.Text);
    }

    [Fact]
    public void Without_the_line_that_ends_rows_nothing_is_taken_for_rows() =>
        Assert.Equal(2, SqlParser.Parse("COPY t FROM STDIN;\nSELECT 1;").Statements.Length);

    [Fact]
    public void A_copy_from_a_file_has_no_rows_behind_it() =>
        Assert.Throws<SqlSyntaxException>(() => SqlParser.Parse("COPY t FROM '/stdin';\n1 2\n\\.\nSELECT 1;"));

    [Theory]
    [InlineData("\\set ON_ERROR_STOP on\r\nDROP TABLE a;\r\n\\i other.sql", 2)]
    [InlineData("\uFEFFDROP TABLE a;", 1)]
    [InlineData("  \\echo it's\nDROP TABLE a", 2)]
    public void Meta_commands_and_byte_order_marks_are_passed_over(string sql, int line)
    {
        var script = SqlParser.Parse(sql);
        var drop = Assert.IsType<DropObjects>(Assert.Single(script.Statements));
        Assert.Equal(("DROP TABLE a", line), (script.TextOf(drop), drop.Span.Line));
    }
}
