using AgentHost.Postgres;

namespace AgentHost.Skills.Tests.RecommendIndex;

/// <summary>Documents with texts, tags, ranges and figures that repeat; a column in the C collation, the others in a linguistic one.</summary>
public sealed class DocumentDatabase : IAsyncLifetime
{
    internal ScratchDatabase Database { get; private set; } = null!;

    internal ReadOnlyTarget Target { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await Database.ExecuteAsync("""
            create extension hypopg;
            create table documents (
                id bigint primary key, owner int not null, kind text not null, title text collate "und-x-icu" not null, email text collate "C" not null, payload jsonb not null,
                tags text[] not null, during tstzrange not null, price numeric(8, 2) not null, ratio float8 not null, made_at timestamptz not null) with (autovacuum_enabled = off);
            insert into documents select i, i % 500, 'kind ' || i % 20, 'Title ' || i, 'u' || i || '@x.y', jsonb_build_object('k', i % 1000), array['t' || i % 100],
                tstzrange(timestamptz '2026-01-01' + i * interval '1 minute', timestamptz '2026-01-01' + (i + 5) * interval '1 minute'),
                (i % 300) / 4.0, (i % 50) / 8.0, timestamptz '2025-01-01' + i * interval '1 minute'
              from generate_series(1, 100000) i;
            analyze;
            """);
        Target = await ReadOnlyTarget.ConnectAsync("app", Database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await Target.DisposeAsync();
        await Database.DisposeAsync();
    }
}
