namespace AgentHost.Skills.Tests;

/// <summary>The checkout that the tests run from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "AgentHost.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
