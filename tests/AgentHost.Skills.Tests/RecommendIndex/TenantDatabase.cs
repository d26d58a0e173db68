using AgentHost.Postgres;

namespace AgentHost.Skills.Tests.RecommendIndex;

/// <summary>A multi-tenant project tracker with real rows: 50 tenants, 150,000 tasks, 300,000 comments, no index but the keys. Autovacuum would change the figures between two answers.</summary>
public sealed class TenantDatabase : IAsyncLifetime
{
    internal ScratchDatabase Database { get; private set; } = null!;

    internal ReadOnlyTarget Target { get; private set; } = null!;

    private const string Schema = """
        create extension hypopg;
        create table tenants (id bigint primary key, name text not null) with (autovacuum_enabled = off);
        create table projects (id bigint primary key, tenant_id bigint not null references tenants, name text not null) with (autovacuum_enabled = off);
        create table tasks (
            id bigint primary key, tenant_id bigint not null references tenants, project_id bigint not null references projects, assignee_id bigint,
            status text not null, title text not null, priority int not null, due_on date, created_at timestamptz not null, deleted_at timestamptz) with (autovacuum_enabled = off);
        create table comments (id bigint primary key, task_id bigint not null references tasks, body text not null, created_at timestamptz not null) with (autovacuum_enabled = off);
        create view live_tasks as select * from tasks where deleted_at is null;
        insert into tenants select i, 'tenant ' || i from generate_series(1, 50) i;
        insert into projects select i, 1 + i % 50, 'project ' || i from generate_series(1, 1000) i;
        insert into tasks select i, 1 + (i % 1000) % 50, 1 + i % 1000, case when i % 7 = 0 then null else hashint4(i) & 511 end,
            case when i % 50 = 7 then 'pending' when i % 5 = 0 then 'open' else 'done' end, 'Task number ' || i, 1 + (hashint4(i + 1) & 3),
            date '2025-01-01' + (hashint4(i + 2) & 511), timestamptz '2024-01-01 00:00Z' + (hashint4(i + 3) & 1048575) * interval '1 minute',
            case when i % 40 = 3 then timestamptz '2026-01-01 00:00Z' end
          from generate_series(1, 150000) i;
        insert into comments select i, 1 + (hashint4(i) & 131071), 'I think that ' || i, timestamptz '2024-01-01 00:00Z' + i * interval '1 minute'
          from generate_series(1, 300000) i;
        analyze;
        """;

    /// <summary>A database of its own with the same rows, for tests that change it.</summary>
    internal static async Task<ScratchDatabase> CreateAsync()
    {
        var server = await PrivateServer.ConnectAsync();
        var database = await server.CreateScratchAsync();
        await database.ExecuteAsync(Schema);
        return database;
    }

    public async Task InitializeAsync()
    {
        Database = await CreateAsync();
        Target = await ReadOnlyTarget.ConnectAsync("app", Database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await Target.DisposeAsync();
        await Database.DisposeAsync();
    }
}
