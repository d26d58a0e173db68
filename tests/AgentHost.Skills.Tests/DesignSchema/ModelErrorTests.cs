using AgentHost.Skills.DesignSchema;

namespace AgentHost.Skills.Tests.DesignSchema;

public sealed class ModelErrorTests
{
    private static async Task<string> Refused(string model, params string[] targets) =>
        (await Assert.ThrowsAsync<SkillInputException>(() => DesignSchemaEngine.RunAsync(new DesignRequest(model) { Targets = [.. targets] }))).Message;

    [Fact]
    public async Task Every_problem_is_told_at_once_with_line_and_column_and_what_was_probably_meant()
    {
        var message = await Refused("""
            name: shop
            entites: {}
            entities:
              customer:
                attributes:
                  email: emial
                  born: { type: date, unqiue: true }
              order:
                attributes: { total: { type: money, default: cheap } }
            relationships:
              - { type: one-to-many, from: custmer, to: order }
            accessPatterns:
              - { name: newest, entity: order, filter: custommer }
            """);
        Assert.Contains("line 2, column 1: unknown key 'entites' in the model; did you mean 'entities'?", message);
        Assert.Contains("line 6, column 14: unknown type 'emial'; did you mean 'email'?", message);
        Assert.Contains("line 7, column 27: unknown key 'unqiue' in attribute 'born'; did you mean 'unique'?", message);
        Assert.Contains("line 9, column 50: 'cheap' is not a default for type 'money'", message);
        Assert.Contains("line 11, column 32: a relationship names an unknown entity 'custmer'; did you mean 'customer'?", message);
        Assert.StartsWith("The model has 5 problems:", message);
    }

    [Fact]
    public async Task An_access_pattern_that_names_a_missing_column_lists_those_there_are()
    {
        var message = await Refused("entities: { order: { attributes: { total: money } } }\naccessPatterns: [ { name: p, entity: order, filter: colour, sort: totl } ]");
        Assert.Contains("names 'colour', which order does not have; known: id, total, created_at, updated_at", message);
        Assert.Contains("did you mean 'total'?", message);
    }

    [Fact]
    public async Task An_unknown_target_is_refused_with_the_known_ones() =>
        Assert.Equal("Unknown target 'oracle'; known: postgresql, mermaid.", await Refused("entities: { a: {} }", "postgresql", "oracle"));

    [Theory]
    [InlineData(13)]
    [InlineData(19)]
    public async Task A_version_outside_14_to_18_is_refused(int version)
    {
        var e = await Assert.ThrowsAsync<SkillInputException>(() => DesignSchemaEngine.RunAsync(new DesignRequest("entities: { a: {} }") { PgVersion = version }));
        Assert.Contains("choose 14 to 18", e.Message);
    }

    [Theory]
    [InlineData("", "the model is empty")]
    [InlineData("# nothing", "the model is empty")]
    [InlineData("just words", "a model is a mapping that has 'entities:'")]
    [InlineData("entities: {}", "the model has no entities")]
    [InlineData("entities: [", "not valid YAML")]
    [InlineData("entities: { a: {} }\n---\nentities: {}", "a second YAML document begins here")]
    [InlineData("entities: { a\0b: {} }", "NUL")]
    [InlineData("entities: { a: {}, A: {} }", "two entities are named 'a'")]
    [InlineData("entities: { order: {}, orders: {} }", "two tables would be named 'orders'")]
    [InlineData("entities: { pg_class: {} }", "begins with pg_")]
    [InlineData("entities: { a: { attributes: { id: uuid } } }", "'id' is added by the designer")]
    [InlineData("entities: { a: { attributes: { xmin: bigint } } }", "system column")]
    [InlineData("entities: { a: { attributes: { s: enum } } }", "an enum needs its values")]
    [InlineData("entities: { 'drop;': {} }", "cannot name an entity")]
    [InlineData("entities: { a: { attributes: { n: { type: integer, default: 3000000000 } } } }", "not a default for type 'integer'")]
    [InlineData("entities: { a: {} }\ntenancy: { mode: shared }", "shared tenancy needs 'entity'")]
    [InlineData("entities: { a: {} }\ntenancy: { mode: shared, entity: b }", "the tenant entity 'b' is not among the entities")]
    [InlineData("entities: { a: {} }\naccessPatterns: [ { name: all, entity: a } ]", "needs 'filter', 'range' or 'sort'")]
    [InlineData("entities: { t: {}, a: { unique: [t] } }\ntenancy: { mode: shared, entity: t }", "unique on the tenant alone")]
    public async Task What_is_wrong_is_said(string model, string expected) => Assert.Contains(expected, await Refused(model));

    [Fact]
    public async Task Required_relationships_in_a_circle_are_refused_with_the_circle()
    {
        var message = await Refused("""
            entities: { chicken: {}, egg: {} }
            relationships:
              - { type: one-to-many, from: chicken, to: egg }
              - { type: one-to-one, from: egg, to: chicken }
            """);
        Assert.Contains("required relationships form a circle (chicken needs egg needs chicken)", message);
    }

    [Fact]
    public async Task A_name_over_63_bytes_is_refused_rather_than_cut() =>
        Assert.Contains("has 70 bytes; PostgreSQL keeps 63", await Refused($"entities: {{ {new string('ü', 35)}: {{}} }}"));

    [Theory]
    [InlineData("true); DROP TABLE xs; SELECT (true")]
    [InlineData("true), CHECK (false")]
    [InlineData("x > (SELECT 1)")]
    [InlineData("x > 0 -- and more")]
    [InlineData("x > 0 /* and more */")]
    [InlineData("pg_sleep(100) IS NULL")]
    [InlineData("pg_read_file('/etc/passwd') <> ''")]
    [InlineData("\"pg_sleep\"(100) IS NULL")]
    [InlineData("x <> E'\\'' ")]
    [InlineData("x <> $$a$$")]
    public async Task A_check_that_is_more_than_a_condition_on_one_row_is_refused(string condition) =>
        Assert.Contains("check", await Refused($"entities: {{ x: {{ checks: ['{condition.Replace("'", "''")}'] }} }}"));

    [Fact]
    public async Task A_check_that_PostgreSQL_refuses_is_an_error_in_its_words()
    {
        var message = await Refused("entities: { x: { attributes: { n: integer }, checks: ['m > 0'] } }");
        Assert.Contains("The design was not proven, so it is not shown: the up migration failed: column \"m\" does not exist (SQLSTATE 42703)", message);
    }

    [Fact]
    public async Task A_bomb_of_aliases_is_refused_at_its_first_anchor() => Assert.Contains("anchors (&) and aliases (*) are not read", await Refused("""
        a: &a [x, x, x, x, x, x, x, x]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
        entities: { x: {} }
        """));

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 50_000)]
    [InlineData("- ", 100_000)]
    [InlineData("? ", 50_000)]
    [InlineData("[],", 150_000)]
    [InlineData("a: ", 100_000)]
    [InlineData("\"", 100_001)]
    [InlineData("!!", 100_000)]
    [InlineData("é\n", 100_000)]
    [InlineData("x", 600_000)]
    public async Task Hostile_text_is_refused_and_the_process_lives(string part, int times) =>
        Assert.StartsWith("The model has", await Refused(string.Concat(Enumerable.Repeat(part, times))));

    [Fact]
    public async Task Two_thousand_entities_are_refused_by_number() =>
        Assert.Contains("more than 300 entities", await Refused("entities:\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"  thing{i}: {{}}\n"))));
}
