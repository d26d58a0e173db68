using AgentHost.Knowledge.Memory;
using AgentHost.Skills.DesignSchema;

namespace AgentHost.Skills.Tests.DesignSchema;

/// <summary>A design follows the project's decisions in force, says so, and says where the model departs from them. Every design here ran on PostgreSQL.</summary>
public sealed class FollowedDecisionTests : IDisposable
{
    private const string Shop = """
        name: shop
        entities:
          customer: { attributes: { email: { type: email, unique: true } } }
          order: { attributes: { number: { type: integer, unique: true }, status: 'enum of [open, paid]', total: { type: money, default: 1.5, min: 0 }, placed_at: { type: instant, default: now } } }
          tag: { attributes: { name: text(40) } }
        relationships:
          - { type: one-to-many, from: customer, to: order }
          - { type: many-to-many, from: order, to: tag }
        accessPatterns: [ { name: orders, entity: order, filter: [customer, status], sort: -created_at, limit: 20 } ]
        """;

    private readonly MemoryFolder memory = new();

    public void Dispose() => memory.Dispose();

    [Theory]
    [InlineData("key-strategy = uuidv7", "id uuid NOT NULL DEFAULT uuid_v7()", "primary keys are UUID version 7")]
    [InlineData("key-strategy = uuidv4", "id uuid NOT NULL DEFAULT gen_random_uuid()", "primary keys are UUID version 4")]
    [InlineData("key-strategy = bigint-identity", "id bigint GENERATED ALWAYS AS IDENTITY", "primary keys are bigint identity")]
    [InlineData("table-naming = singular", "CREATE TABLE order_tag (", "tables are named in the singular")]
    [InlineData("table-naming = plural", "CREATE TABLE orders (", "tables are named in the plural")]
    [InlineData("column-naming = snake-case", "placed_at timestamptz", "columns are named in snake case")]
    [InlineData("soft-delete = deleted-at", "deleted_at timestamptz", "deleted rows stay, with deleted_at")]
    [InlineData("soft-delete = none", "CREATE TABLE orders (", "deleted rows are really deleted")]
    [InlineData("timestamps = timestamp", "placed_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')", "instants are timestamp in UTC")]
    [InlineData("timestamps = timestamptz", "created_at timestamptz NOT NULL DEFAULT now()", "instants are timestamptz")]
    [InlineData("enums = check", "CHECK (status IN ('open', 'paid'))", "fixed sets of values are text with CHECK")]
    [InlineData("enums = lookup-table", "CREATE TABLE order_statuses (", "fixed sets of values are lookup tables")]
    [InlineData("enums = enum-type", "CREATE TYPE order_status AS ENUM ('open', 'paid')", "fixed sets of values are enum types")]
    [InlineData("money = integer-cents", "total bigint NOT NULL DEFAULT 150", "money is bigint in the smallest unit")]
    [InlineData("money = numeric", "total numeric(19,4) NOT NULL DEFAULT 1.5", "money is numeric(19,4)")]
    [InlineData("text-type = varchar", "name varchar(40) NOT NULL", "texts are varchar(n)")]
    [InlineData("text-type = text", "name text NOT NULL", "texts are text with CHECK (length)")]
    [InlineData("tenancy = none", "CREATE TABLE orders (", "no tenants")]
    [InlineData("tenancy = schema-per-tenant", "CREATE TABLE orders (", "each tenant has a schema of its own")]
    public async Task A_choice_in_force_is_followed_and_told(string chooses, string ddl, string words)
    {
        var decision = await memory.DecideAsync("As we do", chooses: chooses);
        var result = await DesignAsync(Shop);
        Assert.Contains(ddl, Ddl(result), StringComparison.Ordinal);
        var told = Assert.Single(result.Decisions, d => d.Followed == decision.Id);
        Assert.StartsWith(words, told.Decision, StringComparison.Ordinal);
        Assert.Equal($"followed {decision.Id} “As we do”", told.Because);
        Assert.Contains($"followed {decision.Id}", DesignText.Render(result, 400), StringComparison.Ordinal);
        Assert.DoesNotContain(result.Warnings, w => w.Contains(decision.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shared_tenancy_is_followed_where_an_entity_is_plainly_the_tenant()
    {
        var decision = await memory.DecideAsync("Tenants share tables", chooses: "tenancy = shared");
        var result = await DesignAsync("entities: { organization: {}, note: { attributes: { text: text } } }");
        Assert.NotNull(result.Proof.Isolation);
        Assert.Single(result.Decisions, d => d.Followed == decision.Id);
    }

    [Fact]
    public async Task Shared_tenancy_without_a_tenant_in_the_model_asks_for_one()
    {
        var decision = await memory.DecideAsync("Tenants share tables", chooses: "tenancy = shared");
        var warning = Assert.Single((await DesignAsync(Shop)).Warnings);
        Assert.Contains($"{decision.Id} “Tenants share tables” (tenancy = shared) is not followed", warning, StringComparison.Ordinal);
        Assert.Contains("tenancy: {mode: shared, entity: …}", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enum_types_hold_under_row_level_security_too()
    {
        await memory.DecideAsync("Enum types", chooses: "enums = enum-type");
        var result = await DesignAsync("""
            tenancy: { mode: shared, entity: org }
            entities: { org: {}, job: { attributes: { state: 'enum of [new, done]' } } }
            accessPatterns: [ { name: jobs, entity: job, filter: state, sort: -created_at, limit: 5 } ]
            """);
        Assert.Contains("state job_state NOT NULL", Ddl(result), StringComparison.Ordinal);
        Assert.Contains(result.Warnings, w => w.Contains("the comparison of state (job_state) is a filter behind the index scan", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(18)]
    public async Task Every_choice_at_once_runs_on_every_version(int version)
    {
        foreach (var chooses in (string[])["key-strategy = uuidv7", "table-naming = singular", "soft-delete = deleted-at", "timestamps = timestamp", "enums = enum-type", "money = integer-cents", "text-type = varchar"])
            await memory.DecideAsync(chooses, chooses: chooses);
        var result = await DesignAsync(Shop, version);
        Assert.Equal(7, result.Decisions.Count(d => d.Followed is not null));
        Assert.True(result.Proof is { Up: true, Down: true, UpAgain: true });
    }

    [Fact]
    public async Task A_narrower_scope_is_followed_by_its_tables_alone()
    {
        var all = await memory.DecideAsync("Bigint keys", chooses: "key-strategy = bigint-identity");
        var some = await memory.DecideAsync("Orders are numbered elsewhere", scope: "public.orders", chooses: "key-strategy = uuidv7");
        var result = await DesignAsync(Shop);
        Assert.Equal(2, Ddl(result).Split("id bigint GENERATED ALWAYS AS IDENTITY").Length - 1);
        Assert.Contains("id uuid NOT NULL DEFAULT uuid_v7()", Ddl(result), StringComparison.Ordinal);
        Assert.EndsWith("(orders)", Assert.Single(result.Decisions, d => d.Followed == some.Id).Decision, StringComparison.Ordinal);
        Assert.EndsWith("(customers, tags)", Assert.Single(result.Decisions, d => d.Followed == all.Id).Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_models_own_word_wins_and_the_answer_says_how_to_record_the_exception()
    {
        var decision = await memory.DecideAsync("Bigint keys", chooses: "key-strategy = bigint-identity");
        var result = await DesignAsync(Shop.Replace("tag: {", "tag: { key: uuid,", StringComparison.Ordinal));
        Assert.Contains("id uuid NOT NULL DEFAULT uuid_v7()", Ddl(result), StringComparison.Ordinal);
        Assert.Equal($"primary keys are UUID version 7 (tags): the model departs from {decision.Id} “Bigint keys”. Leave it out of the model to follow; "
            + "if it is meant, remember a decision with chooses [key-strategy = uuidv7] and scope [public.tags], an exception", Assert.Single(result.Warnings));
    }

    [Fact]
    public async Task A_model_that_departs_throughout_is_told_to_supersede()
    {
        var decision = await memory.DecideAsync("Soft delete", chooses: "soft-delete = deleted-at");
        var result = await DesignAsync("options: { softDelete: false }\n" + Shop);
        Assert.Contains($"supersedes [{decision.Id}]", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.DoesNotContain("deleted_at", Ddl(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Primary keys are UUIDv7", "uuid_v7()")]
    [InlineData("We soft delete everything", "deleted_at")]
    [InlineData("Singular table names", "CREATE TABLE customer (")]
    public async Task What_a_title_says_in_plain_words_is_followed(string title, string ddl)
    {
        var decision = await memory.DecideAsync(title);
        var result = await DesignAsync(Shop);
        Assert.Contains(ddl, Ddl(result), StringComparison.Ordinal);
        Assert.Contains(result.Decisions, d => d.Followed == decision.Id);
    }

    [Theory]
    [InlineData("key-strategy = natural", "mark the natural key 'unique'")]
    [InlineData("column-naming = camel-case", "writes snake case only")]
    [InlineData("key-strategy = snowflake", "it knows")]
    public async Task What_the_designer_cannot_do_is_told(string chooses, string why)
    {
        var decision = await memory.DecideAsync("As we do", chooses: chooses);
        var warning = Assert.Single((await DesignAsync(Shop)).Warnings);
        Assert.StartsWith(decision.Id, warning, StringComparison.Ordinal);
        Assert.Contains(why, warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_designs_choices_are_proposed_once_as_a_decision_that_the_next_design_follows()
    {
        var proposal = Assert.Single((await DesignAsync("options: { keys: uuid, softDelete: true }\n" + Shop)).Proposals!);
        Assert.Equal("decision", proposal.Kind);
        Assert.Equal("Schema shop: primary keys are UUID version 7, tables are named in the plural, deleted rows stay", proposal.Title);
        Assert.Equal(["key-strategy = uuidv7", "table-naming = plural", "column-naming = snake-case", "soft-delete = deleted-at"], proposal.Chooses!);
        var kept = await memory.Journal.AppendAsync(proposal.ToNewEntry());
        var next = await DesignAsync("entities: { invoice: {} }");
        Assert.Contains("CREATE TABLE invoices (\n    id uuid NOT NULL DEFAULT uuid_v7()", Ddl(next), StringComparison.Ordinal);
        Assert.Equal(4, next.Decisions.Count(d => d.Followed == kept.Id));
        Assert.Null(next.Proposals);
    }

    [Fact]
    public async Task A_decision_no_longer_in_force_is_not_followed()
    {
        var old = await memory.DecideAsync("Uuids", chooses: "key-strategy = uuidv7");
        await memory.Journal.AppendAsync(new NewEntry(MemoryKind.Decision, "Keys are up to each team", "They asked for it.") { Supersedes = [old.Id] });
        Assert.Contains("id bigint", Ddl(await DesignAsync(Shop)), StringComparison.Ordinal);
    }

    private static string Ddl(DesignResult result) => result.Files.Single(f => f.Name == "schema.sql").Text!;

    private Task<DesignResult> DesignAsync(string model, int? version = null) =>
        DesignSchemaEngine.RunAsync(new DesignRequest(model) { Memory = memory.Journal, PgVersion = version });
}
