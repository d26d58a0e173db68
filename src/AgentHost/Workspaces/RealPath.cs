namespace AgentHost.Workspaces;

/// <summary>Paths without symbolic links.</summary>
internal static class RealPath
{
    // The kernel's own limit on links in one path (path_resolution(7)).
    private const int MaxLinks = 40;

    /// <summary>The path of the same file without symbolic links and <c>..</c>, or null where nothing is there or the links run in a circle.</summary>
    /// <param name="path">An absolute path.</param>
    public static string? Of(string path)
    {
        var links = 0;
        var resolved = "/";
        var rest = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (rest.TryPop(out var name))
        {
            if (name == ".")
                continue;
            if (name == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? "/";
                continue;
            }
            var next = Path.Combine(resolved, name);
            if (new FileInfo(next).LinkTarget is { } target)
            {
                if (++links > MaxLinks)
                    return null;
                if (target.StartsWith('/'))
                    resolved = "/";
                foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                    rest.Push(part);
                continue;
            }
            if (!Path.Exists(next))
                return null;
            resolved = next;
        }
        return resolved;
    }
}
