using AgentHost.Configuration;
using AgentHost.Knowledge;
using AgentHost.Knowledge.Embedding;
using AgentHost.Knowledge.Memory;
using AgentHost.Knowledge.Trail;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.ExplainPlan;
using AgentHost.Sql;
using AgentHost.Workspaces;

namespace AgentHost.Composition;

/// <summary>
/// The parts that both doors, MCP and the command line, lead to; each is made when it is first asked for.
/// A part that could not be made is tried again at the next call: a person may have mended the configuration meanwhile.
/// </summary>
internal sealed class Architect(Func<HostConfiguration> load)
{
    private readonly Lazy<HostConfiguration> configuration = new(load, LazyThreadSafetyMode.PublicationOnly);
    private readonly Lock gate = new();
    private Task<KnowledgeStore>? knowledge;
    private DocumentLibrary? documents;
    private MemoryJournal? memory;
    private Workspace? workspace;
    private SessionTrail? trail;
    private int trailFailures;

    /// <summary>The settings in force.</summary>
    /// <exception cref="ConfigurationException">They cannot be used.</exception>
    public HostConfiguration Configuration => configuration.Value;

    /// <summary>The project's memory.</summary>
    public MemoryJournal Memory => LazyInitializer.EnsureInitialized(ref memory, () =>
    {
        var folder = Configuration.MemoryFolder;
        var isInside = folder.StartsWith(Configuration.Root.TrimEnd('/') + "/", StringComparison.Ordinal);
        return new MemoryJournal(folder, isInside ? Configuration.Root : null);
    });

    /// <summary>What calls on this workspace concluded, or null where the configuration wants no record of it.</summary>
    public SessionTrail? Trail => !Configuration.Trail ? null
        : LazyInitializer.EnsureInitialized(ref trail, () => new SessionTrail(Path.Combine(DataFolder.Path, "trail"), Configuration.Root));

    /// <summary>How a query was planned when it was last explained in this workspace; null where the trail does not know, or cannot be read.</summary>
    public KnownPlan? Earlier(PlanIdentity identity)
    {
        try
        {
            return Trail?.Last(1, record => record.Plan?.Query == identity.Query) is [{ Plan: { } plan } record]
                ? new KnownPlan(new PlanIdentity(plan.Query, plan.Shape, plan.Outline), record.When, plan.Ms, plan.Cost)
                : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // A help and no archive: the plan is explained without it.
        }
    }

    /// <summary>Leaves what a call concluded in the trail. Never fails: a trail that cannot be written is told once, on stderr.</summary>
    public void Leave(string tool, Conclusion conclusion, string? client)
    {
        try
        {
            Trail?.Append(new TrailRecord(DateTimeOffset.UtcNow, tool, Conceal(conclusion.Subject), Conceal(conclusion.Verdict))
            {
                Client = client,
                Plan = conclusion.Plan is { } plan ? plan with { Outline = Conceal(plan.Outline) } : null,
                Sql = Configuration.TrailSql && conclusion.Sql is { } sql ? Conceal(sql) : null,
            });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (Interlocked.Increment(ref trailFailures) == 1)
                Console.Error.WriteLine($"agenthost: the session trail cannot be written ({failure.Message.ReplaceLineEndings(" ")}); calls go on without it. \"trail\": false in {ConfigurationFile.Name} turns it off.");
        }
        catch (ConfigurationException)
        {
            // The call itself has told it; where no workspace is known there is no trail.
        }
    }

    /// <summary>The files that tools may read.</summary>
    public Workspace Workspace => LazyInitializer.EnsureInitialized(ref workspace, () => new Workspace(Configuration.Root));

    /// <summary>The best-practice pages and skills.</summary>
    public DocumentLibrary Documents =>
        LazyInitializer.EnsureInitialized(ref documents, () => DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills")));

    /// <summary>The pages in the store, up to date. The first caller opens it for all; a caller that gives up does not stop the others.</summary>
    /// <exception cref="KnowledgeException">The store or the embedder cannot be used.</exception>
    /// <exception cref="PostgresUnavailableException">The store's server cannot be reached.</exception>
    public Task<KnowledgeStore> OpenKnowledgeAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (knowledge is null or { IsFaulted: true } or { IsCanceled: true })
                knowledge = Task.Run(() => OpenAsync(progress), CancellationToken.None);
            return knowledge.WaitAsync(cancellation);
        }
    }

    /// <summary>Connects to a configured database by its name; the caller closes it.</summary>
    /// <exception cref="ConfigurationException">No such target.</exception>
    /// <exception cref="PostgresUnavailableException">It cannot be reached.</exception>
    public Task<ReadOnlyTarget> ConnectAsync(string target, CancellationToken cancellation) =>
        ReadOnlyTarget.ConnectAsync(target, Configuration.Connection(target).Reveal(), ct: cancellation);

    /// <summary>Reads the catalogs of a configured database.</summary>
    /// <exception cref="ConfigurationException">No such target.</exception>
    /// <exception cref="PostgresUnavailableException">It cannot be reached.</exception>
    /// <exception cref="TargetRefusedException">Its catalogs cannot be read.</exception>
    public async Task<CatalogSnapshot> ReadCatalogAsync(string target, CancellationToken cancellation)
    {
        await using var connection = await ConnectAsync(target, cancellation);
        return await CatalogReader.ReadAsync(connection, ct: cancellation);
    }

    /// <summary>The embeddings service that is configured, or null for the built-in embedder.</summary>
    /// <exception cref="ConfigurationException">It is configured in part only, or its address is none.</exception>
    public EmbeddingEndpoint? EmbeddingEndpoint
    {
        get
        {
            if (Configuration.EmbedderEndpoint is not { } address)
                return null;
            if (!Uri.TryCreate(address, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
                throw new ConfigurationException($"embedder.endpoint must be an http or https address, as http://localhost:11434/v1, not '{address}'.");
            var model = Configuration.EmbedderModel
                ?? throw new ConfigurationException("embedder.endpoint is configured without embedder.model; name the model to use there.");
            return new EmbeddingEndpoint(endpoint, model, Configuration.EmbedderKey?.Reveal(), Configuration.EmbedderDimensions);
        }
    }

    private async Task<KnowledgeStore> OpenAsync(IProgress<string>? progress) =>
        await KnowledgeStore.OpenAsync(await StoreDatabase.OpenAsync(), EmbeddingGenerators.Create(EmbeddingEndpoint), Documents, progress);

    /// <summary><paramref name="text"/> without any configured secret.</summary>
    public string Conceal(string text) => configuration.IsValueCreated ? configuration.Value.Conceal(text) : text;
}
