namespace AgentHost.Knowledge.Memory;

/// <summary>Resolves symbolic links, so that a link in a repository cannot lead a write out of it.</summary>
internal static class WorkspaceLinks
{
    /// <summary>The path with every link in it followed; parts that do not exist stay as they are.</summary>
    /// <exception cref="MemoryException">The links go in a circle.</exception>
    public static string Resolve(string path)
    {
        var resolved = "/";
        var pending = new Stack<string>(Parts(Path.GetFullPath(path)).Reverse());
        for (var steps = 0; pending.TryPop(out var part);)
        {
            var next = Path.Combine(resolved, part);
            if (part == "..") resolved = Path.GetDirectoryName(resolved) ?? "/";
            else if (new FileInfo(next).LinkTarget is not { } target) resolved = next;
            else if (++steps > 40) throw new MemoryException($"The path {path} cannot be followed: its symbolic links go in a circle.");
            else
            {
                if (Path.IsPathRooted(target)) resolved = "/";
                foreach (var t in Parts(target).Reverse()) pending.Push(t);
            }
        }
        return resolved;
    }

    public static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static IEnumerable<string> Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".");
}
