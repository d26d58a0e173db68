using AgentHost.Knowledge.Memory;
using AgentHost.Postgres;
using AgentHost.Skills;
using AgentHost.Skills.DesignSchema;
using AgentHost.Skills.ExplainPlan;
using AgentHost.Skills.RecommendIndex;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Bench.Memory;

/// <summary>Brings a case to the engine that its tool leads to.</summary>
/// <param name="memory">The labelled memory.</param>
/// <param name="schema">The DDL of the cases' tables.</param>
/// <param name="database">A database with that schema.</param>
internal sealed class CaseRun(MemoryJournal memory, string schema, ScratchDatabase database)
{
    /// <summary>What the memory was asked, and what the answer showed.</summary>
    public async Task<(MemoryCase Case, IReadOnlyList<string> Shown)> RunAsync(LabelledCase given)
    {
        if (given.Tool == "search_best_practices")
        {
            var question = new MemoryCase([], [], given.Input.Trim());
            return (question, [.. memory.Bearing(question).Select(entry => entry.Id)]);
        }
        SkillResult result = given.Tool switch
        {
            "review_migration" => await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("migration.sql", given.Input)]) { Schema = [new("schema.sql", schema)], Memory = memory }),
            "explain_plan" => await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = given.Input, Memory = memory }),
            "design_schema" => await DesignSchemaEngine.RunAsync(new DesignRequest(given.Input) { Memory = memory }),
            "recommend_index" => await AdviseAsync(given.Input),
            _ => throw new InvalidDataException($"{given.Name}: there is no tool {given.Tool}"),
        };
        return (result.Case!, [.. result.Precedents.Select(precedent => precedent.Id)]);
    }

    private async Task<IndexResult> AdviseAsync(string queries)
    {
        await using var target = await ReadOnlyTarget.ConnectAsync("shop", database.ConnectionString);
        return await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = queries, Memory = memory });
    }
}
