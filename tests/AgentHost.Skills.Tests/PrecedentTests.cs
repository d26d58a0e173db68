using AgentHost.Bench.Memory;
using AgentHost.Knowledge.Memory;
using AgentHost.Postgres;

namespace AgentHost.Skills.Tests;

/// <summary>The entries that tools show, against what a careful engineer labelled (bench/memory).</summary>
public sealed class PrecedentTests
{
    [Fact]
    public async Task Of_the_precedents_shown_for_sixty_labelled_cases_nine_in_ten_truly_bear_on_the_case()
    {
        var cases = Path.Combine(AppContext.BaseDirectory, "cases");
        var memory = new MemoryJournal(Path.Combine(cases, "memory"), workspace: null, new LabelledDay());
        Assert.Empty(memory.Problems);
        var schema = await File.ReadAllTextAsync(Path.Combine(cases, "schema.sql"));
        var server = await PrivateServer.ConnectAsync();
        await using var database = await server.CreateScratchAsync();
        await database.ExecuteAsync(schema);
        var run = new CaseRun(memory, schema, database);
        var answers = new List<(LabelledCase Case, IReadOnlyList<string> Shown)>();
        foreach (var given in LabelledCase.Load(Path.Combine(cases, "cases.yaml")))
            answers.Add((given, (await run.RunAsync(given)).Shown));
        Assert.Equal(60, answers.Count);
        Assert.All(answers, answer => Assert.InRange(answer.Shown.Count, 0, 3));
        foreach (var part in new[] { answers, answers.Where(answer => answer.Case.Held) })
        {
            var (right, wrong, bearing) = PrecedentQuality.Count(part);
            Assert.True(right >= 9 * wrong, $"{right} right, {wrong} wrong");
            Assert.True(right * 3 >= bearing, $"{right} of {bearing} shown: silence is no precision");
        }
    }
}
