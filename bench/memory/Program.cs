using AgentHost.Bench.Memory;
using AgentHost.Knowledge.Memory;
using AgentHost.Postgres;

var cases = Path.Combine(AppContext.BaseDirectory, "cases");
var memory = new MemoryJournal(Path.Combine(cases, "memory"), workspace: null, new LabelledDay());
if (memory.Problems is { IsEmpty: false } problems) throw new InvalidDataException(string.Join('\n', problems));

if (args is ["--in-process", var entries])
{
    await InProcess.PrintAsync(memory, Path.Combine(cases, "recall.tsv"), int.Parse(entries));
    return 0;
}

if (args.Contains("--fit")) RecallQuality.Fit(memory, Path.Combine(cases, "recall.tsv"));
RecallQuality.Print(memory, Path.Combine(cases, "recall.tsv"), misses: args.Contains("--misses"));

var schema = File.ReadAllText(Path.Combine(cases, "schema.sql"));
var server = await PrivateServer.ConnectAsync();
await using var database = await server.CreateScratchAsync();
await database.ExecuteAsync(schema);
var run = new CaseRun(memory, schema, database);
var answers = new List<(LabelledCase Case, MemoryCase Asked, IReadOnlyList<string> Shown)>();
foreach (var given in LabelledCase.Load(Path.Combine(cases, "cases.yaml")))
{
    var (asked, shown) = await run.RunAsync(given);
    answers.Add((given, asked, shown));
}
PrecedentQuality.Print(answers, memory, misses: args.Contains("--misses"));
if (args.Contains("--fit")) Fit.Print(answers.Select(answer => (answer.Case, answer.Asked)), memory);
return 0;
