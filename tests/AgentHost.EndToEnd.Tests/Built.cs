using System.Reflection;

namespace AgentHost.EndToEnd.Tests;

/// <summary>Where the build put things.</summary>
internal static class Built
{
    /// <summary>The program.</summary>
    public static string Host { get; } = Path.GetFullPath(Metadata("Host"));

    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = Path.GetFullPath(Metadata("Repository"));

    /// <summary>The folder of the shipped example.</summary>
    public static string Example { get; } = Path.Combine(Repository, "examples/project-management");

    private static string Metadata(string key) =>
        typeof(Built).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
