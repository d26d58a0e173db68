using AgentHost.Bench.Twin;
using AgentHost.Postgres;

var known = (string[])["project", "tpch", "saas", "series"];
if (args is not ["--files", var files, .. var rest])
{
    await Console.Error.WriteLineAsync("Start it by bench/twin/run.");
    return 2;
}
var options = new Options(rest.Contains("--misses"), rest.Contains("--redact"), rest.Contains("--self"));
var asked = rest.Where(word => !word.StartsWith("--", StringComparison.Ordinal)).ToList();
if (rest.Except(["--misses", "--redact", "--self"]).Except(known).FirstOrDefault() is { } unknown)
{
    await Console.Error.WriteLineAsync($"'{unknown}' is neither an option nor a database; bench/twin/run --help says what there is.");
    return 2;
}

await using var server = await PrivateServer.ConnectAsync();
Console.WriteLine(Measurement.Header);
foreach (var name in asked.Count > 0 ? asked : [.. known])
    await new Measurement(server, files, options).RunAsync(name);
return 0;
