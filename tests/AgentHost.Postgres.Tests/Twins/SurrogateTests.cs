using System.Collections.Frozen;
using System.Globalization;
using AgentHost.Postgres.Twins;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Postgres.Tests.Twins;

/// <summary>What stands in the place of values keeps their order and their parts, and nothing of themselves.</summary>
public sealed class SurrogateTests
{
    private static readonly SurrogateKey Key = SurrogateKey.New();
    private static readonly SchemaConstants None = SchemaConstants.Of("");

    private static readonly Gen<string[]> Texts = Gen.Elements("Refund please", "refund", "Refund order 12", "Refund order 123", "", "a", "A", "aa-b", "Zürich", "forest green", "forest", "foresty", "SN-0001", "SN-0010", "x@y.example")
        .Or(Gen.ArrayOf(Gen.Elements("ab1 -é".ToCharArray())).Select(letters => new string(letters))).ArrayOf();

    [Fact]
    public void Texts_keep_their_order_and_what_begins_alike_begins_alike() =>
        Prop.ForAll(Texts.ToArbitrary(), texts =>
        {
            var surrogates = new TextSurrogate(Key).Of(texts);
            var sorted = texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(t => surrogates[t]).ToArray();
            Assert.Equal(sorted.Order(StringComparer.Ordinal), sorted);
            Assert.Equal(sorted.Length, sorted.Distinct(StringComparer.Ordinal).Count());
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("forest%")]
    [InlineData("fore%")]
    [InlineData("%green%")]
    [InlineData("%forest")]
    [InlineData("SN-00%")]
    [InlineData("SN-000%")]
    [InlineData("%please for order 12%")]
    [InlineData("Refund%order 12%")]
    [InlineData("%@mail.example")]
    [InlineData("nothing like it%")]
    [InlineData("%nothing%")]
    [InlineData("%")]
    public void A_pattern_of_words_or_their_beginnings_finds_the_surrogates_of_what_it_found(string pattern)
    {
        string[] texts = ["forest green", "forest", "foresty", "green forest", "SN-0001", "SN-0010", "SN-01", "Refund please for order 12", "Refund please for order 129", "Refund me", "c12@mail.example", "d@other.example", "Refund of an order 1", "a"];
        var surrogates = new TextSurrogate(Key).Of(texts);
        var other = new TextSurrogate(Key).Pattern(pattern, surrogates.Values);
        Assert.Equal(texts.Where(t => Like(t, pattern)).Order(StringComparer.Ordinal), texts.Where(t => Like(surrogates[t], other)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Without_the_key_no_guess_can_be_tested_and_with_another_nothing_is_the_same()
    {
        string[] texts = ["Alice Miller", "Bob Miller", "Carol Jones"];
        var (one, other) = (new TextSurrogate(SurrogateKey.New()).Of(texts), new TextSurrogate(SurrogateKey.New()).Of(texts));
        Assert.All(texts, text => Assert.NotEqual(one[text], other[text]));
        Assert.NotEqual(Redaction.Hash(SurrogateKey.New(), SurrogateKind.Word, "Alice Miller"), Redaction.Hash(SurrogateKey.New(), SurrogateKind.Word, "Alice Miller"));
        Assert.NotEqual(new TextSurrogate(SurrogateKey.New()).Lexeme("refund"), new TextSurrogate(SurrogateKey.New()).Lexeme("refund"));
    }

    [Fact]
    public void Numbers_and_days_keep_their_order_and_move_by_what_the_key_draws()
    {
        var values = Enumerable.Range(0, 60).Select(i => (i * i * 997).ToString(CultureInfo.InvariantCulture)).ToList();
        var moved = Distinct(() => new SurrogateValues(SurrogateKey.New(), None).Of(SurrogateKind.Whole, values));
        Assert.True(moved.Count > 1);
        foreach (var surrogates in moved)
        {
            var numbers = values.Select(v => decimal.Parse(surrogates[v], CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(numbers.Order(), numbers);
            Assert.DoesNotContain(values.Skip(3), v => surrogates[v] == v);
            Assert.All(values.Zip(numbers), pair => Assert.InRange(pair.Second - decimal.Parse(pair.First, CultureInfo.InvariantCulture), 1, 2000));
        }
    }

    private static List<Dictionary<string, string>> Distinct(Func<Dictionary<string, string>> make) => [.. Enumerable.Range(0, 8).Select(_ => make()).DistinctBy(s => string.Join(',', s.Values))];

    [Fact]
    public void What_divides_rows_stays_and_nothing_passes_it()
    {
        var known = SchemaConstants.Of("CREATE INDEX i ON public.t USING btree (a) WHERE (quality > 100);\nCREATE TABLE public.q (n int DEFAULT 7);\nALTER TABLE ONLY public.t ATTACH PARTITION public.t_1 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');\n");
        Assert.Equal(100m, Assert.Single(known.Numbers));
        Assert.Equal(2, known.Times.Length);
        var values = new SurrogateValues(Key, known);
        Assert.Equal("100", values.Beside(SurrogateKind.Whole, "100"));
        Assert.Equal("99", values.Beside(SurrogateKind.Whole, "99"));
        Assert.NotEqual("101", values.Beside(SurrogateKind.Whole, "101"));
        Assert.Equal("2024-01-01", values.Beside(SurrogateKind.Day, "2024-01-01"));
        Assert.Equal("2023-12-31", values.Beside(SurrogateKind.Day, "2023-12-31"));
    }

    [Fact]
    public void An_identifier_shows_no_half_of_itself()
    {
        var ids = Enumerable.Range(0, 40).Select(_ => Guid.NewGuid().ToString()).Order(StringComparer.Ordinal).ToList();
        var surrogates = new SurrogateValues(Key, None).Of(SurrogateKind.Identifier, ids);
        Assert.Equal(surrogates.Values.Order(StringComparer.Ordinal), ids.Select(id => surrogates[id]));
        Assert.All(ids, id => Assert.False(surrogates[id][..13] == id[..13] || surrogates[id][^12..] == id[^12..]));
    }

    [Fact]
    public void A_part_of_a_document_is_a_part_of_its_surrogate_and_what_the_schema_names_stays()
    {
        var documents = new JsonSurrogate(Key, ((string[])["plan"]).ToFrozenSet(StringComparer.Ordinal));
        var document = documents.Of("""{"plan": "pro", "name": "Alice", "tags": ["vip", 3, null, true], "age": 3.0}""")!;
        Assert.Contains("\"plan\"", document, StringComparison.Ordinal);
        Assert.DoesNotContain("Alice", document, StringComparison.Ordinal);
        Assert.DoesNotContain("age", document, StringComparison.Ordinal);
        Assert.Contains(documents.Of("""{"name": "Alice"}""")!.Trim('{', '}'), document, StringComparison.Ordinal);
        Assert.Equal(documents.Of("3"), documents.Of("3.0"));
        Assert.Null(documents.Of("{"));
    }

    private static bool Like(string text, string pattern) =>
        System.Text.RegularExpressions.Regex.IsMatch(text, "^" + System.Text.RegularExpressions.Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal) + "$", System.Text.RegularExpressions.RegexOptions.Singleline, TimeSpan.FromSeconds(1));
}
