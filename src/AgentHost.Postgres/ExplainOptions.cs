namespace AgentHost.Postgres;

/// <summary>
/// What EXPLAIN is asked for: everything that the server's version can tell of a plan and that costs the server little. GENERIC_PLAN (version
/// 16) is not among it: parameters are planned by PREPARE, which every version can do (<see cref="GenericPlan"/>).
/// </summary>
internal static class ExplainOptions
{
    /// <summary>The options in EXPLAIN's brackets.</summary>
    /// <param name="serverVersionNum">The server's <c>server_version_num</c>.</param>
    /// <param name="analyze">Whether the statement is executed.</param>
    public static string For(int serverVersionNum, bool analyze)
    {
        List<string> options = ["FORMAT JSON", "VERBOSE", "SUMMARY"];
        if (serverVersionNum >= 12_00_00)
            options.Add("SETTINGS");
        if (serverVersionNum >= 17_00_00)
            options.Add("MEMORY");
        if (!analyze)
            return string.Join(", ", options);
        options.AddRange(["ANALYZE", "BUFFERS"]);
        if (serverVersionNum >= 13_00_00)
            options.Add("WAL");
        // What a client would be sent is made as well: wide or compressed columns cost their time there, and nowhere else in a plan.
        if (serverVersionNum >= 17_00_00)
            options.Add("SERIALIZE TEXT");
        return string.Join(", ", options);
    }
}
