using AgentHost.Knowledge.Embedding;
using AgentHost.Postgres;
using Xunit.Abstractions;

namespace AgentHost.Knowledge.Tests.Store;

/// <summary>Questions as people ask them, written before the search was tuned, each with the pages that answer it (a reference, and the rule's page where there is one).</summary>
public sealed class RetrievalTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>The share of questions whose page must be among the first five; <c>bench/retrieval</c> measures with many more.</summary>
    private const double Floor = 0.9;

    private static readonly (string Question, string Pages)[] Labelled =
    [
        ("our deploy froze the whole site when we added an index to a big table", "create-index-concurrently index-not-concurrent"),
        ("index shows up as invalid after the migration got cancelled, what now", "create-index-concurrently index-not-concurrent"),
        ("cannot run inside a transaction block error when building an index", "create-index-concurrently nontransactional-in-transaction"),
        ("make an existing nullable field mandatory on 200 million rows", "not-null-without-downtime set-not-null-scan"),
        ("alter table set not null takes forever and blocks everybody", "not-null-without-downtime set-not-null-scan"),
        ("is adding a column with a default value going to rewrite the table", "not-null-without-downtime add-column-not-null-no-default"),
        ("add a reference to the users table while the app is under load", "foreign-key-without-downtime fk-not-valid-missing"),
        ("deleting a parent row is super slow", "foreign-key-without-downtime foreign-key-actions"),
        ("migration should give up quickly instead of waiting for a lock", "lock-timeout-and-retry missing-lock-timeout"),
        ("canceling statement due to lock timeout 55P03", "lock-timeout-and-retry missing-lock-timeout"),
        ("a tiny alter table took down production because a report was running", "the-lock-queue"),
        ("how do I find out which session is blocking mine", "the-lock-queue"),
        ("rename a column without breaking the old version of the app", "expand-and-contract rename-column"),
        ("zero downtime deploy where old and new code run at the same time", "expand-and-contract"),
        ("UPDATE with LIMIT gives a syntax error", "backfill-in-batches"),
        ("fill a new column for millions of existing rows without hurting replicas", "backfill-in-batches"),
        ("we are running out of int ids, need bigint", "change-column-type-safely column-type-rewrite"),
        ("does going from varchar(50) to text lock the table for long", "change-column-type-safely column-type-rewrite"),
        ("FATAL: sorry, too many clients already", "connection-pooling"),
        ("how many db connections should each app instance have with pgbouncer", "connection-pooling"),
        ("idle_in_transaction_session_timeout", "timeouts"),
        ("kill queries that run longer than ten seconds but not the nightly jobs", "timeouts"),
        ("dead rows pile up and vacuum does not keep up", "autovacuum-tuning"),
        ("table keeps growing although we delete old data", "autovacuum-tuning"),
        ("do I need redis or rabbitmq for a job queue", "postgres-by-default"),
        ("should we use mongodb for json documents", "postgres-by-default"),
        ("uuid or auto increment for ids", "primary-key-choice"),
        ("keep customers of a saas apart in the same tables", "multi-tenant-row-level-security"),
        ("timestamp with or without time zone", "timestamptz-always timestamp-without-tz"),
        ("mark rows as deleted instead of removing them", "soft-delete"),
    ];

    /// <summary>More that must have an answer.</summary>
    private static readonly string[] More =
    [
        "How do we keep customers apart in the same tables?", "how do I add an index without blocking writes", "what does lock_timeout do",
        "my query ignores the index", "pagination with offset gets slower on later pages", "should I use an enum type or a lookup table", "row level security policy performance",
        "which column goes first in a composite index", "is it safe to drop a column", "rename a table in production", "sort spills to disk", "estimates are off by a factor of 1000",
        "covering index include columns", "float or numeric for prices", "many to many join table primary key", "on delete cascade or restrict", "composite primary key order tenant",
        "partial index for soft deleted rows", "varchar 255", "how large should shared connection pools be", "wraparound", "nested loop joins are slow", "jsonb gin index", "updated_at column trigger",
        "unused indexes", "transaction left open by a worker", "what is a hash join batch", "backfill", "add check constraint to large table", "retry migration when lock is not available",
        "CREATE INDEX CONCURRENTLY", "55P03", "work_mem", "how do I name constraints and indexes", "time series data in postgres",
        "We have a Rails app on Heroku with about 300 customers and our nightly job that updates invoices has become slow since last week, how should I find out what goes on?",
        "idempotent migrations", "full text search instead of elasticsearch",
    ];

    /// <summary>What no page answers, also where a word of it is the field's.</summary>
    private static readonly string[] Nonsense =
    [
        "how to bake bread", "what is the weather in Paris tomorrow", "who won the world cup in 1998", "write a poem about cats", "react useState hook infinite loop", "kubernetes ingress tls certificate",
        "python list comprehension", "best restaurants near me", "asdf qwer zxcv", "how do I center a div in css", "how to train a neural network", "docker image layer caching", "git rebase or merge",
        "convert celsius to fahrenheit", "who is the president of France", "my cat is sick", "cheap flights to London", "javascript promise all settled", "iphone battery drains quickly",
        "how do I change the oil in my car", "dining table and chairs", "I lost the keys to my car", "how to lock the front door", "index fund investing", "train schedule for Sunday", "column of smoke over the city",
        "please tell me how long it takes to drive from Berlin to Munich when the traffic is slow and I want to stop twice for a meal", "learn to play the piano", "tax return deadline", "hello", "lorem ipsum dolor sit amet", "what should I cook with chicken and rice", "the meaning of life",
    ];

    private readonly StoreFixture store = new();

    public Task InitializeAsync() => store.InitializeAsync();

    public Task DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Questions_in_the_users_words_find_their_page_among_the_first_five()
    {
        var knowledge = await OpenAsync();
        var (first, five) = (0, 0);
        foreach (var (question, pages) in Labelled)
        {
            var found = await knowledge.SearchAsync(question, 5);
            var rank = found.ToList().FindIndex(f => pages.Split(' ').Contains(f.Document)) + 1;
            (first, five) = (first + (rank == 1 ? 1 : 0), five + (rank > 0 ? 1 : 0));
            output.WriteLine($"{rank} {pages}: {question}\n    {string.Join(", ", found.Select(f => f.Document))}");
        }
        output.WriteLine($"recall@1 {first / (double)Labelled.Length:0.00}, recall@5 {five / (double)Labelled.Length:0.00} of {Labelled.Length} questions");
        Assert.InRange(five / (double)Labelled.Length, Floor, 1);
    }

    [Fact]
    public async Task Of_the_questions_that_were_labelled_blindly_at_least_ninety_two_in_a_hundred_find_their_page_among_the_first_five()
    {
        var knowledge = await OpenAsync();
        var questions = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "questions.tsv")).Select(line => line.Split('\t')).ToList();
        var found = 0;
        foreach (var question in questions)
            found += (await knowledge.SearchAsync(question[0], 5)).Any(f => question[1].Split(' ').Contains(f.Document)) ? 1 : 0;
        output.WriteLine($"{found} of {questions.Count}");
        Assert.Equal(360, questions.Count);
        Assert.InRange(found / (double)questions.Count, 0.92, 1);
    }

    [Fact]
    public async Task Questions_about_databases_are_answered_and_questions_about_anything_else_are_not()
    {
        var knowledge = await OpenAsync();
        foreach (var question in Labelled.Select(l => l.Question).Concat(More))
            Assert.True(!(await knowledge.SearchAsync(question)).IsEmpty, question);
        var answered = new List<string>();
        foreach (var question in Nonsense)
            if (await knowledge.SearchAsync(question) is [var best, ..]) answered.Add($"{question} ({best.Document} {best.Score:0.00})");
        output.WriteLine($"{answered.Count} of {Nonsense.Length}: {string.Join("; ", answered)}");
        // A threshold of 0.38 would answer 5 of these, and leave 13 of the 360 labelled questions without their page: an answer too many costs less than one too few.
        Assert.True(answered.Count <= Nonsense.Length * 0.25, string.Join("; ", answered));
    }

    [Theory]
    [InlineData("How do we keep customers apart in the same tables?", "multi-tenant-row-level-security")]
    [InlineData("how do I add an index without blocking writes", "create-index-concurrently")]
    [InlineData("what does lock_timeout do", "lock-timeout-and-retry")]
    public async Task The_questions_of_every_first_day_have_their_page_among_the_first_three(string question, string page) =>
        Assert.Contains(page, (await (await OpenAsync()).SearchAsync(question, 3)).Select(f => f.Document));

    [Fact]
    public async Task An_excerpt_is_words_of_the_page_and_never_its_bibliography_or_the_marks_of_its_code()
    {
        var knowledge = await OpenAsync();
        foreach (var question in Labelled.Select(l => l.Question).Concat(More))
        {
            foreach (var found in await knowledge.SearchAsync(question, 10))
            {
                Assert.InRange(found.Score, 0, 1);
                Assert.NotEqual("References", found.Section);
                Assert.DoesNotContain("```", found.Excerpt);
                Assert.DoesNotContain(found.Excerpt.Split(' ')[0], new[] { "sql", "bad", "good", "fine", "schema", "text", "json", "yaml", "bash" });
            }
        }
    }

    private Task<KnowledgeStore> OpenAsync() =>
        KnowledgeStore.OpenAsync(StoreDatabase.Over(store.Source), EmbeddingGenerators.Create(), DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills")));
}
