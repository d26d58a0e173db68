using AgentHost.Knowledge.Embedding;
using AgentHost.Postgres;
using Xunit.Abstractions;

namespace AgentHost.Knowledge.Tests.Store;

/// <summary>Questions as people ask them, written before the search was tuned, each with the pages that answer it (a reference, and the rule's page where there is one).</summary>
public sealed class RetrievalTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>The share of questions whose page must be among the first five. Measured with the offline embedder over 70 pages: 0.77; each new page may push one out.</summary>
    private const double Floor = 0.75;

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

    private readonly StoreFixture store = new();

    public Task InitializeAsync() => store.InitializeAsync();

    public Task DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Questions_in_the_users_words_find_their_page_among_the_first_five()
    {
        using var embedder = new HashingEmbeddingGenerator();
        var library = DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills"));
        var knowledge = await KnowledgeStore.OpenAsync(StoreDatabase.Over(store.Source), embedder, library);
        Assert.All(Labelled.SelectMany(l => l.Pages.Split(' ')), page => Assert.NotNull(library.Find(page)));
        var (first, five) = (0, 0);
        foreach (var (question, pages) in Labelled)
        {
            var found = await knowledge.SearchAsync(question, 5);
            var rank = found.ToList().FindIndex(f => pages.Split(' ').Contains(f.Document)) + 1;
            (first, five) = (first + (rank == 1 ? 1 : 0), five + (rank > 0 ? 1 : 0));
            output.WriteLine($"{rank} {pages}: {question}\n    {string.Join(", ", found.Select(f => f.Document))}\n    {found[0].Section}: {found[0].Excerpt}");
        }
        output.WriteLine($"recall@1 {first / (double)Labelled.Length:0.00}, recall@5 {five / (double)Labelled.Length:0.00} of {Labelled.Length} questions over {library.Documents.Length} pages");
        Assert.InRange(five / (double)Labelled.Length, Floor, 1);
    }
}
