using AgentHost.Sql;

namespace AgentHost.Postgres;

/// <summary>A private PostgreSQL installation, as <c>eng/install-postgres</c> makes it.</summary>
/// <param name="Root">The folder that holds <c>usr/lib/postgresql/17</c>.</param>
public sealed record Installation(string Root)
{
    /// <summary>The installation in the data folder; it may not be there yet.</summary>
    public static Installation Current => new(DataFolder.Installation);

    /// <summary>Whether the programs are there, all of them.</summary>
    public bool Exists => ((string[])["postgres", "initdb", "pg_ctl", "psql", "pg_dump"]).All(name => File.Exists(Program(name)));

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
                $"The private PostgreSQL is not installed in {Root}, or not all of it is there. Run eng/install-postgres, which also repairs, "
                + "or set AGENTHOST_HOME to the folder where it was installed.");
        }
    }
}
