using AgentHost.Sql;

namespace AgentHost.Postgres;

/// <summary>A private PostgreSQL installation, as <c>eng/install-postgres</c> makes it.</summary>
/// <param name="Root">The folder that holds <c>usr/lib/postgresql/17</c>.</param>
public sealed record Installation(string Root)
{
    /// <summary>The installation in the data folder; it may not be there yet.</summary>
    public static Installation Current => new(DataFolder.Installation);

    /// <summary>Whether the programs are there.</summary>
    public bool Exists => File.Exists(Program("postgres"));

    /// <summary>The folder of the C library's locales, for <c>LOCPATH</c>.</summary>
    public string Locales => Path.Combine(Root, "usr/lib/locale");

    /// <summary>The path of one of <c>postgres</c>, <c>initdb</c>, <c>pg_ctl</c>, <c>psql</c>, <c>pg_dump</c>.</summary>
    public string Program(string name) => Path.Combine(Root, "usr/lib/postgresql/17/bin", name);

    /// <exception cref="PostgresUnavailableException">The installation is not there.</exception>
    internal void Require()
    {
        if (!Exists)
        {
            throw new PostgresUnavailableException(
                $"The private PostgreSQL is not installed in {Root}. Run eng/install-postgres (./agenthost does it by itself), "
                + "or set AGENTHOST_HOME to the folder where it was installed.");
        }
    }
}
