using AgentHost.Skills.DesignSchema;

namespace AgentHost.Skills.Tests.DesignSchema;

public sealed class DesignTests
{
    private static Task<DesignResult> Design(string model, int version = 17) => DesignSchemaEngine.RunAsync(new DesignRequest(model) { PgVersion = version });

    private static string Schema(DesignResult result) => result.Files.Single(f => f.Name == "schema.sql").Text!;

    [Fact]
    public async Task A_single_entity_without_attributes_is_a_design()
    {
        var result = await Design("entities: { thing: {} }");
        Assert.Contains("id bigint GENERATED ALWAYS AS IDENTITY", Schema(result));
        Assert.Equal(["schema.sql", "migrations/0001_create_schema.up.sql", "migrations/0001_create_schema.down.sql", "erd.mmd"], result.Files.Select(f => f.Name));
        Assert.Null(result.Proof.Isolation);
    }

    [Fact]
    public async Task Only_the_targets_asked_for_are_given()
    {
        var result = await DesignSchemaEngine.RunAsync(new DesignRequest("entities: { thing: {} }") { Targets = ["Mermaid"] });
        Assert.Equal("erd.mmd", Assert.Single(result.Files).Name);
    }

    [Fact]
    public async Task Json_is_a_model_too()
    {
        var result = await Design("""{"name": "shop", "entities": [{"name": "orderLine", "attributes": [{"name": "unitPrice", "type": "money"}]}]}""");
        Assert.Contains("CREATE TABLE order_lines", Schema(result));
        Assert.Contains("unit_price numeric(19,4) NOT NULL", Schema(result));
    }

    [Fact]
    public async Task Reserved_words_are_quoted()
    {
        var result = await Design("entities: { user: { table: user, attributes: { order: integer, select: { type: 'enum of [asc, desc]', default: asc } } } }");
        Assert.Contains("CREATE TABLE \"user\" (", Schema(result));
        Assert.Contains("\"select\" IN ('asc', 'desc')", Schema(result));
    }

    [Fact]
    public async Task Uuid_keys_are_version_7_on_every_version()
    {
        const string Model = "options: { keys: uuid }\nentities: { t: {}, a: { attributes: { n: text } } }\ntenancy: { mode: shared, entity: t }";
        Assert.Contains("DEFAULT uuid_v7()", Schema(await Design(Model, 14)));
        Assert.Contains("'')::uuid", Schema(await Design(Model)));
        var newest = await Design(Model, 18);
        Assert.Contains("DEFAULT uuidv7()", Schema(newest));
        Assert.DoesNotContain("CREATE FUNCTION uuid", Schema(newest));
        Assert.Contains(newest.Warnings, w => w.Contains("stand-in for uuidv7()", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_child_cannot_point_to_another_tenants_parent()
    {
        var result = await Design("""
            tenancy: { mode: shared, entity: org }
            entities: { org: {}, project: {}, task: {} }
            relationships:
              - { type: one-to-many, from: project, to: task, required: false }
              - { type: one-to-one, from: project, to: org, as: default project, required: false }
            """);
        Assert.Contains("FOREIGN KEY (org_id, project_id) REFERENCES projects (org_id, id) ON DELETE SET NULL (project_id)", Schema(result));
        Assert.Contains("FOREIGN KEY (id, default_project_id) REFERENCES projects (org_id, id) ON DELETE SET NULL (default_project_id)", Schema(result));
        Assert.Equal(["orgs_default_project_id_fkey", "tasks_project_id_fkey"], result.Proof.Isolation!.CrossTenantReferences.Order(StringComparer.Ordinal));
        Assert.Equal(["orgs", "projects", "tasks"], result.Proof.Isolation.Tables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task On_version_14_a_composite_key_is_not_set_null_in_part_and_that_is_said()
    {
        var result = await Design("""
            tenancy: { mode: shared, entity: org }
            entities: { org: {}, project: {}, task: {} }
            relationships: [ { type: one-to-many, from: project, to: task, required: false } ]
            """, 14);
        Assert.Contains("REFERENCES projects (org_id, id) ON DELETE NO ACTION", Schema(result));
        Assert.Contains(result.Warnings, w => w.Contains("PostgreSQL 14 cannot set only a part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Soft_deleted_rows_neither_block_names_nor_fill_indexes()
    {
        var result = await Design("""
            options: { softDelete: true }
            entities: { page: { attributes: { slug: { type: slug, unique: true }, views: integer } } }
            accessPatterns: [ { name: most read, entity: page, sort: -views, limit: 10 } ]
            """);
        Assert.Contains("CREATE UNIQUE INDEX pages_slug_key ON pages (slug) WHERE deleted_at IS NULL", Schema(result));
        Assert.Contains("CREATE INDEX pages_views_idx ON pages (views DESC) WHERE deleted_at IS NULL", Schema(result));
        Assert.Contains("WHERE deleted_at IS NULL ORDER BY views DESC", Assert.Single(result.Proof.AccessPatterns).Query);
    }

    [Fact]
    public async Task One_index_serves_a_foreign_key_and_the_patterns_that_begin_with_it()
    {
        var result = await Design("""
            entities: { author: {}, book: { attributes: { year: integer, title: text(200) } } }
            relationships: [ { type: one-to-many, from: author, to: book } ]
            accessPatterns:
              - { name: books of an author, entity: book, filter: author }
              - { name: newest books of an author, entity: book, filter: author, sort: -year }
              - { name: an author's books in years, entity: book, filter: author, range: year }
            """);
        Assert.Single(Schema(result).Split('\n'), l => l.StartsWith("CREATE INDEX", StringComparison.Ordinal));
        Assert.All(result.Proof.AccessPatterns, p => Assert.Equal("books_author_id_year_idx", p.Index));
    }

    [Fact]
    public async Task Mixed_sort_directions_are_spelled_in_the_index()
    {
        var result = await Design("entities: { t: { attributes: { a: integer, b: integer } } }\naccessPatterns: [ { name: p, entity: t, sort: [a, b desc] } ]");
        Assert.Contains("ON ts (a, b DESC)", Schema(result));
    }

    [Fact]
    public async Task Many_values_make_a_lookup_table_and_few_a_check()
    {
        var result = await Design("""
            entities:
              parcel:
                attributes:
                  size: enum of [small, large]
                  state: { type: enum, values: [new, packed, sent, held, lost, found, late, back, torn, done, void] }
            """);
        Assert.Contains("CHECK (size IN ('small', 'large'))", Schema(result));
        Assert.Contains("INSERT INTO parcel_states (code) VALUES", Schema(result));
        Assert.Contains("FOREIGN KEY (state) REFERENCES parcel_states (code) ON DELETE RESTRICT", Schema(result));
    }

    [Fact]
    public async Task A_pair_of_the_same_entity_is_two_columns_that_differ()
    {
        var result = await Design("""
            entities: { task: {} }
            relationships: [ { type: many-to-many, from: task, to: task, as: blocker } ]
            """);
        Assert.Contains("PRIMARY KEY (task_id, blocker_id)", Schema(result));
        Assert.Contains("CHECK (task_id <> blocker_id)", Schema(result));
        Assert.Contains("CREATE INDEX task_blockers_blocker_id_idx ON task_blockers (blocker_id)", Schema(result));
    }

    [Fact]
    public async Task The_diagram_takes_cardinalities_from_nullability_and_uniqueness()
    {
        var result = await Design("""
            entities: { person: {}, passport: {}, house: {} }
            relationships:
              - { type: one-to-one, from: person, to: passport }
              - { type: one-to-many, from: person, to: house, as: owner, required: false }
            """);
        var diagram = result.Files.Single(f => f.Name == "erd.mmd").Text;
        Assert.Contains("\"people\" ||--o| \"passports\" : \"person\"", diagram);
        Assert.Contains("\"people\" |o--o{ \"houses\" : \"owner\"", diagram);
        Assert.Contains("bigint person_id FK, UK", diagram);
        Assert.Contains("bigint owner_id FK \"nullable\"", diagram);
    }

    [Fact]
    public async Task A_comparison_that_row_level_security_keeps_out_of_the_index_is_warned_of()
    {
        var result = await Design("""
            tenancy: { mode: shared, entity: org }
            entities: { org: {}, invoice: { attributes: { total: money } } }
            accessPatterns: [ { name: large invoices, entity: invoice, range: total } ]
            """);
        Assert.Contains(result.Warnings, w => w.Contains("does not mark it leakproof", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancellation_stops_a_design()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DesignSchemaEngine.RunAsync(new DesignRequest("entities: { thing: {} }"), cancelled.Token));
    }
}
