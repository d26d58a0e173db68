namespace AgentHost.Postgres.Tests;

public class PostgresDoctorTests
{
    [Fact]
    public async Task A_sound_installation_has_only_good_lines()
    {
        var lines = await PostgresDoctor.ExamineAsync();
        Assert.All(lines, line => Assert.True(line.Ok, $"{line.Item}: {line.Detail}"));
        Assert.Equal(["PostgreSQL", "Parser library", "Private server", "Scratch databases", "pgvector", "HypoPG"], lines.Select(line => line.Item));
    }

    [Fact]
    public async Task A_missing_installation_comes_with_its_fix()
    {
        var lines = await PostgresDoctor.ExamineAsync(new Installation("/nowhere"), PrivateServer.ConnectAsync, CancellationToken.None);
        Assert.False(lines[0].Ok);
        Assert.Contains("eng/install-postgres", lines[0].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_start_is_a_line_and_no_exception()
    {
        var lines = await PostgresDoctor.ExamineAsync(
            Installation.Current, _ => throw new PostgresUnavailableException("It does not start."), CancellationToken.None);
        Assert.Equal("It does not start.", lines[^1].Detail);
        Assert.NotNull(lines[^1].Fix);
    }
}
