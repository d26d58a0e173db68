using AgentHost.Configuration;
using AgentHost.Knowledge.Memory;
using AgentHost.Workspaces;

namespace AgentHost.Composition;

/// <summary>
/// The parts that both doors, MCP and the command line, lead to; each is made when it is first asked for.
/// A part that could not be made is tried again at the next call: a person may have mended the configuration meanwhile.
/// </summary>
internal sealed class Architect(Func<HostConfiguration> load)
{
    private readonly Lazy<HostConfiguration> configuration = new(load, LazyThreadSafetyMode.PublicationOnly);
    private MemoryJournal? memory;
    private Workspace? workspace;

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

    /// <summary>The files that tools may read.</summary>
    public Workspace Workspace => LazyInitializer.EnsureInitialized(ref workspace, () => new Workspace(Configuration.Root));

    /// <summary><paramref name="text"/> without any configured secret.</summary>
    public string Conceal(string text) => configuration.IsValueCreated ? configuration.Value.Conceal(text) : text;
}
