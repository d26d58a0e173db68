using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Tests.Memory;

public sealed class SecretTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a connection string with a password", "use postgres://app:hunter2@db/app")]
    [InlineData("a connection string with a password", "redis://:hunter2@cache:6379")]
    [InlineData("a connection string with a password", "db.example.com:5432:app:deploy:hunter2")]
    [InlineData("a password", "password=hunter2")]
    [InlineData("a password", "pwd=hunter2")]
    [InlineData("a password", "the login is password=swordfish now")]
    [InlineData("a password", "Password: hunter2")]
    [InlineData("a password", "password = 'swordfish'")]
    [InlineData("a password", "\"password\": \"hunter2\"")]
    [InlineData("a password", "Host=db;Username=app;Password=hunter2")]
    [InlineData("a password", "host=db user=app password=hunter2")]
    [InlineData("a password", "Server=db;Uid=app;Pwd=hunter2;")]
    [InlineData("a password", "PGPASSWORD=hunter22 psql")]
    [InlineData("a password", "DB_PASSWORD: hunter2!")]
    [InlineData("a password", "jdbc:postgresql://db/app?user=a&password=hunter2&ssl=true")]
    [InlineData("a password", "spring.datasource.password=hunter2")]
    [InlineData("a password", "config['password'] = 'hunter2'")]
    [InlineData("a role's password", "CREATE ROLE app LOGIN PASSWORD 'hunter2'")]
    [InlineData("a role's password", "ALTER USER app WITH ENCRYPTED PASSWORD 'hunter2'")]
    [InlineData("a role's password", "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy")]
    [InlineData("a role's password", "tool --password hunter2")]
    [InlineData("a key or token", "api_key=9f8e7d6c5b4a")]
    [InlineData("a key or token", "X-Api-Key: 9f8e7d6c5b4a")]
    [InlineData("a key or token", "token: 9f8e7d6c5b4a3210")]
    [InlineData("a key or token", "client_secret = \"9f8e7d6c5b4a\"")]
    [InlineData("a key or token", "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")]
    [InlineData("a key or token", "AccountName=x;AccountKey=9f8e7d6c5b4aQQ==")]
    [InlineData("a key or token", "key=9f8e7d6c5b4a32109f8e7d6c5b4a3210")]
    [InlineData("an AWS access key", "key AKIAIOSFODNN7EXAMPLE is old")]
    [InlineData("a bearer token", "curl -H 'Authorization: Bearer abcdefghijklmnop1234'")]
    [InlineData("a private key", "-----BEGIN RSA PRIVATE KEY-----")]
    [InlineData("a private key", "-----BEGIN OPENSSH PRIVATE KEY-----")]
    [InlineData("a JSON Web Token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl")]
    [InlineData("an API token", "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("an API token", "xoxb-" + "123456789012-abcdefABCDEF")]
    [InlineData("an API token", "sk-proj-" + "abcdefghijklmnop1234567890")]
    [InlineData("an API token", "sk_live_" + "abcdefghijklmnop12345678")]
    [InlineData("an API token", "whsec_" + "abcdefghijklmnop12345678")]
    [InlineData("an API token", "glpat-" + "abcdefghij1234567890")]
    [InlineData("an API token", "npm_" + "abcdefghijklmnopqrstuvwxyz0123456789")]
    public async Task A_secret_is_refused_and_named_but_not_repeated(string kind, string text)
    {
        var journal = new MemoryJournal(folder.Memory);
        var refusal = await Assert.ThrowsAsync<MemoryException>(() => journal.AppendAsync(new NewEntry(MemoryKind.Learning, "How to connect", $"First line.\n{text}\nLast line.")));
        Assert.Contains($"held {kind}.", refusal.Message);
        Assert.DoesNotContain("hunter2", refusal.Message);
        Assert.DoesNotContain("9f8e7d", refusal.Message);
        Assert.False(Directory.Exists(folder.Memory) && Directory.GetFiles(folder.Memory).Length > 0);
    }

    [Fact]
    public async Task A_secret_is_refused_wherever_it_stands()
    {
        var journal = new MemoryJournal(folder.Memory);
        foreach (var entry in new[]
        {
            new NewEntry(MemoryKind.Issue, "password=hunter2", "text"),
            new NewEntry(MemoryKind.Issue, "title", "text") { Tags = ["password=hunter2"] },
            new NewEntry(MemoryKind.Issue, "title", "text") { By = "postgres://a:hunter2@b" },
        })
            await Assert.ThrowsAsync<MemoryException>(() => journal.AppendAsync(entry));
    }

    [Theory]
    [InlineData("connect with postgres://app:${APP_PASSWORD}@db/app")]
    [InlineData("the column password = bcrypt hash; tokens are bearer tokens")]
    [InlineData("postgres://app:***@db and postgres://localhost:5432/app")]
    [InlineData("Rotate the password every 90 days; password: rotate it with ALTER ROLE.")]
    [InlineData("password_encryption = scram-sha-256")]
    [InlineData("SET password = new.password WHERE token = $1")]
    [InlineData("password=<secret>, pwd=..., token=xxxx")]
    [InlineData("users.password_hash holds bcrypt2 hashes, and password = crypt('x', gen_salt('bf'))")]
    [InlineData("The primary key: order_id2024, the partition key = customer_id")]
    [InlineData("UPDATE t SET token = NULL, secret = DEFAULT")]
    [InlineData("PGPASSWORD=$APP_PASSWORD psql")]
    [InlineData("the token: an opaque string of 32 bytes")]
    [InlineData("Use --password to be asked; a password is 12 characters or more")]
    [InlineData("password: env:APP_DATABASE_PASSWORD")]
    [InlineData("reset_token = gen_random_uuid()")]
    [InlineData("sk-ip the row, then bearer tokens expire after 3600 seconds")]
    [InlineData("PASSWORD '***'")]
    [InlineData("min_password=12 and max_token: 64")]
    [InlineData("the key = (tenant_id, id)")]
    [InlineData("access key: customers look up by email")]
    public async Task Talk_about_secrets_is_no_secret(string text) =>
        Assert.Equal(text, (await new MemoryJournal(folder.Memory).AppendAsync(new NewEntry(MemoryKind.Learning, "How to connect", text))).Text);

    [Theory]
    [InlineData("\n")]
    [InlineData("a")]
    [InlineData("_a1-")]
    [InlineData("password ")]
    [InlineData("key=")]
    [InlineData("a://")]
    [InlineData("--password ")]
    public async Task A_long_text_is_scanned_within_the_patience_of_each_pattern(string part)
    {
        var text = "x" + string.Concat(Enumerable.Repeat(part, 65_000 / part.Length)) + "y";
        Assert.NotNull(await new MemoryJournal(folder.Memory).AppendAsync(new NewEntry(MemoryKind.Learning, "Long", text)));
    }

    [Fact]
    public async Task The_pages_of_the_skills_hold_no_secret()
    {
        // Pages talk of passwords, keys and connections all day: none of them may be taken for a secret.
        var journal = new MemoryJournal(folder.Memory);
        foreach (var page in DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills")).Documents)
            await journal.AppendAsync(new NewEntry(MemoryKind.Learning, page.Title, page.Text));
    }
}
