using AgentHost.Bench;
using AgentHost.Bench.Index;
using AgentHost.Postgres;

Options options;
try
{
    options = Options.Parse(args);
}
catch (FormatException unknown)
{
    await Console.Error.WriteLineAsync($"{unknown.Message} bench/index/run --help says more.");
    return 2;
}

await using var server = await PrivateServer.ConnectAsync();
if (options.Scale)
{
    await Scale.RunAsync(server);
    return 0;
}
Console.WriteLine(Report.Header);
foreach (var name in options.Workloads)
    await new Contest(server, WorkloadFiles.Load(options.Folder, name), options).RunAsync();
return 0;
