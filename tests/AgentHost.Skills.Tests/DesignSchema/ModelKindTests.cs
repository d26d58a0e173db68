using AgentHost.Skills.DesignSchema;

namespace AgentHost.Skills.Tests.DesignSchema;

/// <summary>Models of many kinds: each runs up, down and up again on the oldest and on the usual version.</summary>
public sealed class ModelKindTests
{
    private static readonly Dictionary<string, string> Models = new(StringComparer.Ordinal)
    {
        ["E-commerce"] = """"
            name: shop
            entities:
              customer: { attributes: { email: { type: email, unique: true }, name: text(200) } }
              product: { attributes: { sku: { type: text(40), unique: true }, price: { type: money, min: 0 } } }
              order: { attributes: { number: { type: text(20), unique: true }, state: 'enum of [new, paid, sent]', placed_at: instant } }
              order_line: { attributes: { quantity: { type: integer, min: 1 }, unit_price: money }, unique: [[order, product]] }
            relationships:
              - { type: one-to-many, from: customer, to: order }
              - { type: one-to-many, from: order, to: order_line, onDelete: cascade }
              - { type: one-to-many, from: product, to: order_line }
            accessPatterns:
              - { name: orders of a customer, entity: order, filter: [customer], sort: [-placed_at], limit: 20 }
            """",
        ["Blog"] = """"
            name: blog
            entities:
              author: { attributes: { handle: { type: slug, unique: true } } }
              post: { attributes: { slug: { type: slug, unique: true }, title: text(300), body: long text, published_at: { type: instant, required: false } } }
              tag: { attributes: { name: { type: slug, unique: true } } }
              comment: { attributes: { body: text } }
            relationships:
              - { type: one-to-many, from: author, to: post }
              - { type: many-to-many, from: post, to: tag }
              - { type: one-to-many, from: post, to: comment, onDelete: cascade }
              - { type: one-to-many, from: comment, to: comment, as: reply_to }
            accessPatterns: [ { name: newest, entity: post, sort: [-published_at], limit: 10 } ]
            """",
        ["Billing"] = """"
            name: billing
            tenancy: { mode: shared, entity: account }
            options: { keys: uuid }
            entities:
              account: { attributes: { name: text } }
              plan: { tenanted: false, attributes: { code: { type: slug, unique: global }, price: money } }
              subscription: { attributes: { starts_on: date, ends_on: { type: date, required: false } }, checks: ['ends_on IS NULL OR ends_on > starts_on'] }
              invoice: { attributes: { number: text(30), total: money, currency: currency }, unique: [[number]] }
              payment: { attributes: { amount: money, reference: { type: text(100), required: false, unique: true } } }
            relationships:
              - { type: one-to-many, from: plan, to: subscription }
              - { type: one-to-many, from: subscription, to: invoice }
              - { type: one-to-many, from: invoice, to: payment, required: false }
            """",
        ["Tree"] = """"
            entities: { category: { attributes: { name: text(100), slug: { type: slug, required: false } }, unique: [[parent, name], [parent, slug]] } }
            relationships: [ { type: one-to-many, from: category, to: category } ]
            accessPatterns: [ { name: children, entity: category, filter: [parent], sort: [name] } ]
            """",
        ["Pair with payload"] = """"
            tenancy: { mode: shared, entity: org }
            entities: { org: {}, user: {}, team: {} }
            relationships:
              - { type: many-to-many, from: user, to: team, through: memberships, attributes: { role: 'enum of [member, lead]', since: date } }
              - { type: many-to-many, from: user, to: user, through: follows, as: followee }
            accessPatterns: [ { name: by role, entity: memberships, filter: [team, role] } ]
            """",
        ["Polymorphic"] = """"
            entities:
              post: {}
              photo: {}
              user: {}
              reaction: { attributes: { kind: 'enum of [like, love]' }, unique: [[user, post, kind], [user, photo, kind]], checks: ['num_nonnulls(post_id, photo_id) = 1'] }
            relationships:
              - { type: one-to-many, from: user, to: reaction }
              - { type: one-to-many, from: post, to: reaction, required: false }
              - { type: one-to-many, from: photo, to: reaction, required: false }
            """",
        ["Reserved words"] = """"
            entities:
              select: { attributes: { from: text, where: integer, order: date, user: text, table: 'enum of [check, default]', primary: boolean, end: instant } }
              group: { table: group, attributes: { limit: integer, offset: integer }, unique: [[limit, offset]] }
              user: { table: user, attributes: { all: text, analyse: text, any: text } }
            relationships: [ { type: one-to-many, from: user, to: select, as: grant }, { type: many-to-many, from: group, to: user, through: references } ]
            accessPatterns: [ { name: 'a "quoted" name', entity: select, filter: [from], range: end, sort: [-order] } ]
            """",
        ["Unicode"] = """"
            name: bücher
            description: "Größe, l'été, \"quotes\" and 日本語"
            entities:
              Verkäufer: { description: "It's a \"seller\"", attributes: { ünïcode näme: { type: text(20), unique: true, description: "d'accord" }, unicode_name: text, 日本: integer, größe: { type: 'enum of ["o''neil", "ß"]', default: "ß" } } }
              Bücher: { attributes: { título: text } }
            relationships: [ { type: one-to-many, from: Verkäufer, to: Bücher } ]
            accessPatterns: [ { name: größe, entity: Verkäufer, filter: [größe], sort: [日本] } ]
            """",
        ["Enums"] = """"
            entities:
              ticket:
                attributes: { status: 'enum of [open, closed]', priority: { type: 'enum of [p1, p2, p3]', default: p3 }, source: 'enum of [a, b, c, d, e, f, g, h, i, j, k, l]', kind: { type: 'enum of [bug, wish]', lookup: true, required: false }, tone: { type: 'enum of [x]', required: false } }
              job: { attributes: { status: 'enum of [open, done]', kind: { type: 'enum of [x, y]', lookup: true } } }
            accessPatterns: [ { name: open, entity: ticket, filter: [status, priority] } ]
            """",
        ["Time series"] = """"
            entities: { device: { attributes: { serial: { type: text(40), unique: true } } }, reading: { attributes: { measured_at: instant, value: float, unit: text(10) }, unique: [[device, measured_at, unit]] } }
            relationships: [ { type: one-to-many, from: device, to: reading } ]
            volumes: { reading: 5_000_000_000 }
            accessPatterns: [ { name: latest, entity: reading, filter: [device, unit], range: measured_at, sort: [-measured_at], limit: 100 } ]
            """",
        ["Soft delete everywhere"] = """"
            options: { softDelete: true }
            tenancy: { mode: shared, entity: org }
            entities: { org: { attributes: { slug: { type: slug, unique: global } } }, folder: { attributes: { name: text(100) }, unique: [[parent, name]] }, file: { attributes: { name: text(100) }, unique: [[folder, name]] } }
            relationships: [ { type: one-to-many, from: folder, to: folder }, { type: one-to-many, from: folder, to: file, required: false } ]
            accessPatterns: [ { name: files, entity: file, filter: [folder], sort: [name] } ]
            """",
        ["One to one"] = """"
            entities: { user: {}, profile: { attributes: { bio: text } }, badge: { attributes: { code: text(10) } } }
            relationships: [ { type: one-to-one, from: user, to: profile, onDelete: cascade }, { type: one-to-one, from: user, to: badge, required: false } ]
            """",
        ["Circle"] = """"
            entities: { department: { attributes: { name: { type: text(50), unique: true } } }, employee: { attributes: { name: text(50) } } }
            relationships:
              - { type: one-to-many, from: department, to: employee }
              - { type: one-to-many, from: employee, to: department, as: head, required: false }
              - { type: one-to-many, from: employee, to: employee, as: manager }
            """",
        ["No tenancy, all types"] = """"
            entities:
              everything:
                attributes: { a: text, b: long text, c: slug, d: email, e: url, f: phone, g: currency, h: country, i: money, j: 'decimal(10,3)', k: percent, l: float, m: integer, n: bigint, o: boolean, p: instant, q: date, r: time, s: duration, t: json, u: uuid, v: bytes, w: ip }
                unique: [[c, d], [t]]
            """",
        ["Sixty entities"] = string.Concat("entities:\n", string.Concat(Enumerable.Range(1, 60).Select(i => $"  entity_{i}: {{ attributes: {{ name: {{ type: text(100), unique: true }}, state: 'enum of [a, b]' }} }}\n")), "relationships:\n", string.Concat(Enumerable.Range(2, 59).Select(i => $"  - {{ type: one-to-many, from: entity_{i / 2}, to: entity_{i} }}\n"))),
    };

    public static TheoryData<string> Kinds => [.. Models.Keys];

    private static Task<DesignResult> Design(string model, int version = 17) => DesignSchemaEngine.RunAsync(new DesignRequest(model) { PgVersion = version });

    private static string Schema(DesignResult result) => result.Files.Single(f => f.Name == "schema.sql").Text!;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_kind_of_model_is_proven_on_the_oldest_and_the_usual_version(string kind)
    {
        foreach (var version in new[] { DesignSchemaEngine.OldestVersion, DesignSchemaEngine.DefaultVersion })
        {
            var proof = (await Design(Models[kind], version)).Proof;
            Assert.True(proof is { Up: true, Down: true, UpAgain: true });
            Assert.All(proof.AccessPatterns, p => Assert.False(p.Sorts));
        }
    }

    [Fact]
    public async Task Names_below_an_optional_reference_are_unique_at_the_top_as_well()
    {
        var result = await Design(Models["Tree"]);
        Assert.Contains("UNIQUE NULLS NOT DISTINCT (parent_id, name)", Schema(result));
        Assert.Contains("(parent_id, slug) NULLS NOT DISTINCT WHERE slug IS NOT NULL", Schema(result));
        Assert.Contains(result.Decisions, d => d.Decision.Contains("(parent_id, name) also holds among the rows without parent_id", StringComparison.Ordinal));

        var oldest = Schema(await Design(Models["Tree"], 14));
        Assert.DoesNotContain("NULLS NOT DISTINCT", oldest);
        Assert.Contains("(name) WHERE parent_id IS NULL;", oldest);

        var tenants = Schema(await Design(Models["Soft delete everywhere"]));
        Assert.Contains("(org_id, parent_id, name) NULLS NOT DISTINCT WHERE deleted_at IS NULL", tenants);
        Assert.Contains("(org_id, name) WHERE parent_id IS NULL AND deleted_at IS NULL", Schema(await Design(Models["Soft delete everywhere"], 14)));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(17)]
    public async Task Two_roots_of_one_name_are_refused_and_a_missing_slug_is_not(int version)
    {
        var up = Schema(await Design(Models["Tree"], version));
        await using var scratch = await (await Postgres.PrivateServer.ConnectAsync()).CreateScratchAsync();
        await scratch.ExecuteAsync(up);
        await scratch.ExecuteAsync("INSERT INTO categories (name) VALUES ('a'), ('b'); INSERT INTO categories (parent_id, name) SELECT id, 'a' FROM categories");
        await scratch.ExecuteAsync("INSERT INTO categories (name, slug) VALUES ('c', 'x')");
        foreach (var twice in new[] { "INSERT INTO categories (name) VALUES ('a')", "INSERT INTO categories (name, slug) VALUES ('d', 'x')" })
            Assert.Equal("23505", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => scratch.ExecuteAsync(twice))).SqlState);
    }

    [Fact]
    public async Task A_reference_that_is_missing_because_there_is_another_is_not_compared()
    {
        var result = await Design(Models["Polymorphic"]);
        Assert.DoesNotContain("NULLS NOT DISTINCT", Schema(result));
        Assert.Contains(result.Decisions, d => d.Decision.Contains("rows without post_id are not compared", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_with_other_letters_is_kept_in_the_diagram()
    {
        var diagram = (await Design(Models["Unicode"])).Files.Single(f => f.Name == "erd.mmd").Text!;
        Assert.Contains("text unicode_name_2 UK \"ünïcode_näme\"", diagram);
        Assert.Contains("text unicode_name\n", diagram);
        Assert.Contains("integer u65e5u672c \"日本\"", diagram);
        Assert.Contains("\"verkäufers\" {", diagram);
    }

    [Fact]
    public async Task Each_text_stands_once_where_it_is_paid_for_by_the_word()
    {
        var result = await Design(Models["Blog"]);
        Assert.All(result.Files, f => Assert.NotNull(f.Text));
        var once = result.WithEachTextOnce();
        Assert.Equal(result.Files.Select(f => f.Name), once.Files.Select(f => f.Name));
        var schema = once.Files.Single(f => f.Name == "schema.sql");
        Assert.Equal((null, "migrations/0001_create_blog.up.sql"), (schema.Text, schema.SameAs));
        Assert.Single(once.Files, f => f.Text?.Contains("CREATE TABLE posts", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("entities: { 'a;b': {} }", "line 1, column 13")]
    [InlineData("entities: { \"o'brien\": {} }", "line 1, column 13")]
    [InlineData("entities:\n  a: { attributes: { 'x\"y': text } }", "line 2, column 22")]
    [InlineData("entities: { a: {}, b: {} }\nrelationships:\n  - { type: one-to-many, from: a, to: b }\n  - { type: one-to-many, from: b, to: a }", "circle")]
    [InlineData("entities: { a: { attributes: { x: wibble } } }", "line 1, column 35")]
    [InlineData("entities: { a: { attributes: { x: text }, checks: ['x >'] } }", "line 1, column 52")]
    [InlineData("entities: { a: {} }\naccessPatterns: [ { name: p, entity: a, filter: [nope] } ]", "line 2, column 50")]
    public async Task What_cannot_be_a_schema_is_told_with_its_place(string model, string place) =>
        Assert.Contains(place, (await Assert.ThrowsAsync<SkillInputException>(() => Design(model))).Message);
}
