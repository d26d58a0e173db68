namespace AgentHost.EndToEnd.Tests;

/// <summary>What the README shows is what one gets.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task The_transcript_is_what_the_command_prints()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Built.Repository, "README.md"));
        var transcript = readme.Split("```").Single(block => block.StartsWith("\n$ ./agenthost ", StringComparison.Ordinal)).Trim('\n').Split('\n');
        var outcome = await HostProcess.RunAsync(Built.Example, transcript[0]["$ ./agenthost ".Length..].Split(' '));
        Assert.Equal(1, outcome.ExitCode);
        var shown = transcript[1..].TakeWhile(line => line.Trim() != "…").ToList();
        Assert.InRange(shown.Count, 10, 40);
        Assert.Equal(shown, outcome.Output.Split('\n').Take(shown.Count));
    }

    [Fact]
    public async Task Every_link_leads_somewhere()
    {
        foreach (var page in Directory.EnumerateFiles(Path.Combine(Built.Repository, "docs"), "*.md").Prepend(Path.Combine(Built.Repository, "README.md")))
        {
            var text = await File.ReadAllTextAsync(page);
            foreach (var link in System.Text.RegularExpressions.Regex.Matches(text, @"\]\((?<to>[^)#:\s]+)(#[^)]*)?\)", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)).Select(match => match.Groups["to"].Value))
                Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link)), $"{Path.GetFileName(page)} links to {link}, which is not there");
        }
    }
}
