using FsCheck;
using FsCheck.Fluent;
using Npgsql;

namespace AgentHost.Postgres.Tests;

public class TargetConnectionTests
{
    [Fact]
    public void A_url_is_read_with_its_percent_encoding_and_parameters()
    {
        var b = TargetConnection.Parse("app", "postgresql://us%40er:p%3Aa%2Fss@db.example:6543/my%20db?sslmode=verify-full&connect_timeout=7&application_name=x&options=-c%20geqo%3Doff").Builder;
        Assert.Equal(("db.example", 6543, "us@er", "p:a/ss", "my db"), (b.Host, b.Port, b.Username, b.Password, b.Database));
        Assert.Equal((SslMode.VerifyFull, 7, "x", "-c geqo=off"), (b.SslMode, b.Timeout, b.ApplicationName, b.Options));
    }

    [Theory]
    [InlineData("postgres://localhost", "localhost", 5432)]
    [InlineData("postgres:///db", "localhost", 5432)]
    [InlineData("postgres://[::1]:5433/db", "::1", 5433)]
    [InlineData("postgres:///db?host=/run/postgresql", "/run/postgresql", 5432)]
    [InlineData("postgres://%2Frun%2Fpostgresql/db", "/run/postgresql", 5432)]
    [InlineData("postgres://a:1,b:2/db", "a:1,b:2", 5432)]
    [InlineData("Host=h;Port=9;Database=d", "h", 9)]
    public void Hosts_are_read_in_all_their_forms(string text, string host, int port)
    {
        var b = TargetConnection.Parse("app", text).Builder;
        Assert.Equal((host, port), (b.Host, b.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s3cret")]
    [InlineData("postgres://u:s3cret@h:s3cret/db")]
    [InlineData("postgres://u:a?s3cret@h/db")]
    [InlineData("postgres://u:p@h/db?sslmode=s3cret")]
    [InlineData("Host=h;Password=a;s3cret=b")]
    [InlineData("Host=h;Port=s3cret")]
    [InlineData("Database=s3cret")]
    public void What_cannot_be_read_is_told_without_being_repeated(string text)
    {
        var e = Assert.Throws<PostgresUnavailableException>(() => TargetConnection.Parse("app", text));
        Assert.DoesNotContain("s3cret", e.ToString(), StringComparison.Ordinal);
        Assert.Contains("'app'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_password_ever_shows_in_the_message_of_a_failure() => Prop.ForAll<NonEmptyString>(given =>
    {
        var password = "s3cret" + given.Get;
        var target = TargetConnection.Parse("app", $"postgres://u:{Uri.EscapeDataString(password)}@h/db");
        Exception[] failures =
        [
            new NpgsqlException("failed for " + password), new TimeoutException(password),
            new NpgsqlException("outer", new InvalidOperationException("inner " + password)),
            new PostgresException($"password authentication failed ({password})", "FATAL", "FATAL", PostgresErrorCodes.InvalidPassword),
            new PostgresException($"no database {password}", "FATAL", "FATAL", PostgresErrorCodes.InvalidCatalogName),
        ];
        return failures.All(failure => !target.Unavailable(failure).ToString().Contains(password, StringComparison.Ordinal));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_server_that_is_not_there_is_told_with_what_to_check()
    {
        var e = await Assert.ThrowsAsync<PostgresUnavailableException>(() => ReadOnlyTarget.ConnectAsync("app", "postgres://u:s3cret@127.0.0.1:1/db"));
        Assert.Contains("cannot be reached", e.Message, StringComparison.Ordinal);
        Assert.Contains("Is the server running", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", e.ToString(), StringComparison.Ordinal);
    }
}
