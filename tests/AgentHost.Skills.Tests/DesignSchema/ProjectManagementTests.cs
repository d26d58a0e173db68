using AgentHost.Skills.DesignSchema;

namespace AgentHost.Skills.Tests.DesignSchema;

public sealed class ProjectManagementTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "examples", "project-management");

    [Fact]
    public async Task The_shipped_schema_is_what_the_designer_makes_of_the_shipped_model()
    {
        var result = await DesignSchemaEngine.RunAsync(new DesignRequest(await File.ReadAllTextAsync(Path.Combine(Folder, "model.yaml"))));
        var made = result.Files.Single(f => f.Name == "schema.sql").Text;
        var shipped = Path.Combine(Folder, "schema.sql");
        if (Environment.GetEnvironmentVariable("AGENTHOST_UPDATE_EXAMPLES") == "1")
        {
            await File.WriteAllTextAsync(shipped, made);
            await File.WriteAllTextAsync(Path.Combine(Path.GetTempPath(), "design.txt"), DesignText.Render(result) + System.Text.Json.JsonSerializer.Serialize(result.Proof) + result.Files.Last().Text);
        }
        Assert.Equal(await File.ReadAllTextAsync(shipped), made);
    }
}
