using AgentHost.Postgres;
using AgentHost.Sql;
using AgentHost.Workspaces;

namespace AgentHost.Demo;

/// <summary>A copy of the example project in a folder of its own, and a scratch database with its schema and rows; both go when it is disposed.</summary>
internal sealed class DemoProject : IAsyncDisposable
{
    private readonly ScratchDatabase database;

    private DemoProject(string folder, ScratchDatabase database) => (Folder, this.database) = (folder, database);

    /// <summary>The workspace.</summary>
    public string Folder { get; }

    /// <summary>What <c>APP_DATABASE_URL</c> is there.</summary>
    public string ConnectionString => database.ConnectionString;

    /// <summary>Copies the files and fills the database: some seconds.</summary>
    public static async Task<DemoProject> CreateAsync(CancellationToken cancellation)
    {
        var server = await PrivateServer.ConnectAsync(cancellation);
        var project = new DemoProject(Directory.CreateTempSubdirectory("agenthost-demo-").FullName, await server.CreateScratchAsync(cancellation));
        try
        {
            var source = Path.Combine(AppContext.BaseDirectory, "examples", "project-management");
            foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(project.Folder, Path.GetRelativePath(source, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
            await project.database.AddExtensionAsync("hypopg", cancellation);
            foreach (var script in (string[])["schema.sql", "seed.sql"])
                await project.database.ExecuteAsync(SqlParser.Parse(TextFile.Read(Path.Combine(project.Folder, script), script)), cancellation);
            await project.database.BypassRowSecurityAsync(cancellation);
            return project;
        }
        catch
        {
            await project.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        await database.DisposeAsync();
    }
}
