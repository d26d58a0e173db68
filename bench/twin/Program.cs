using AgentHost.Bench.Twin;
using AgentHost.Postgres;

var known = (string[])["project", "tpch", "saas", "series"];
if (args is not ["--files", var files, .. var rest])
{
    await Console.Error.WriteLineAsync("Start it by bench/twin/run.");
    return 2;
}
var servers = rest.Contains("--servers") ? (Environment.GetEnvironmentVariable("AGENTHOST_TEST_SERVERS") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
var options = new Options(rest.Contains("--misses"), rest.Contains("--redact"), rest.Contains("--self"), [.. servers]);
var asked = rest.Where(word => !word.StartsWith("--", StringComparison.Ordinal)).ToList();
if (rest.Contains("--servers") && servers.Length == 0)
{
    await Console.Error.WriteLineAsync("AGENTHOST_TEST_SERVERS names no server: give connection strings of superusers, separated by blanks.");
    return 2;
}
if (rest.Except(["--misses", "--redact", "--self", "--servers"]).Except(known).FirstOrDefault() is { } unknown)
{
    await Console.Error.WriteLineAsync($"'{unknown}' is neither an option nor a database; bench/twin/run --help says what there is.");
    return 2;
}

await using var server = await PrivateServer.ConnectAsync();
Console.WriteLine(servers.Length > 0 ? OtherVersions.Header : Measurement.Header);
foreach (var name in asked.Count > 0 ? asked : [.. known])
    await (servers.Length > 0 ? new OtherVersions(server, files, options).RunAsync(name) : new Measurement(server, files, options).RunAsync(name));
return 0;
