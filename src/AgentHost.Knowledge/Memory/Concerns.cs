using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>
/// The matters that database work raises, each with the words in which a case (SQL, a plan's conditions, a model, a question, the ids of findings as <c>@id</c>) raises it and those in which
/// people write about it. Sharing a table does not make an entry bear on a case; sharing a matter mostly does. Data: phrases divided by semicolons; <c>*</c> ends a word's beginning, <c>~</c> stands for up to eight words.
/// </summary>
internal static class Concerns
{
    private const string Table = """
        lock-timeout | @missing-lock-timeout | lock_timeout; without a timeout; without a lock timeout; lock queue; waiting alter
        ddl-queue | @missing-lock-timeout | queued behind; waited behind; stood still; stopped everybody; waits for hours; waited for a lock; queue behind
        ddl-freeze | alter table; create index; create unique index; create table; drop table; drop index; update ~ set | freeze; no ddl; no change of structure; no migrations; no schema changes; stay as they are
        vacuum-ddl | alter table | vacuum ~ alter; vacuum ~ ddl; alter ~ vacuum; ddl ~ vacuum
        key-type | uuid primary key; uuid ~ primary key; serial; bigserial; smallserial; gen_random_uuid; integer primary key; @int-primary-key; @serial* | primary key*; serial; identity; key type; uuid; uuidv7
        key-overflow | integer ~ references; @int-primary-key | runs out; run out; overflow*; int4; exhaust*; become bigint; out of ids
        public-id | url*; webhook; link; partner; api; public_id | public_id; leaves the house; enumerat*; partners see
        timestamp-type | @timestamp-without-tz; datetime; epoch | timestamptz; timestamp without; time zone; utc
        calendar-day | date; date_trunc; per day; daily | at time zone; midnight; per day; date_trunc; wrong day
        money | money; amount* numeric; balance numeric; price* numeric; cost* numeric; fee* numeric; refund* numeric; total* numeric; amount* integer; price* integer; amount* bigint; price* bigint; @money* | amount*; money; currency; cents; price* are
        enum | create type; as enum; @check-not-valid-missing; @enum* | enum*; lookup table; check constraint; create type; states are
        status-values | status_check; state_check; check status; check state; constraint *_status_check; constraint *_state_check | new state; new ~ state; new status; states it; values get; state broke; status broke; literal strings
        soft-delete | softdelete; soft delete; deleted_at timestamp*; restored; undelete | soft delete; soft deleted; deleted_at
        tenancy | shop_id ~ references; tenant_id ~ references; tenancy; row level security; create policy | shop_id; tenant*; row level security; row security; rls; multi tenan*
        create-table | create table; entities | new table*
        grants | create table reporting*; create materialized view; create view; grant; revoke | grant*; privilege*; could not read; may read; permission*
        index-new | create index; create unique index; recommend | index; indexe*; indexing
        index-concurrent | @index-not-concurrent | concurrently; index build*; built on; build waits; the plain way
        invalid-index | concurrently if not exists | invalid index; failed concurrent; if not exists
        unique | unique | unique key*; unique index*; unique constraint*
        trigram | gin_trgm_ops; trgm; trigram; gin | trgm; trigram*
        full-text | tsvector; to_tsquery; full text; type ahead | tsvector; full text; text search; elasticsearch; search stays
        vectors | vector*; embedding*; hnsw; ivfflat | vector*; embedding*; pgvector; hnsw
        hot-updates | create index; create unique index; recommend | hot; fillfactor
        drop-column | @drop-column; drop column | column* goes; column* go; drop column; dropped column; drop a column; after a drop; removed column*; stopped reading
        rename | @rename-column; @rename-table; rename column; rename to; rename | renam*
        type-change | alter column ~ type; @column-type* | change type; changes type; alter type; type change; rewrite*
        change-capture | drop column; alter column ~ type; rename column; @drop-column | debezium; change stream; cdc; connector; logical replication slot
        bulk-dml | @unbatched-dml; @unbatched*; backfill; fill a new column; fill a column | batch*; big update; one statement; single statement; backfill*
        replica-lag | @unbatched-dml; replica*; wal; backfill; lag | replica*; replay; behind; lag
        immutable-rows | update ~ set; delete from | does not change; never change*; read only; immutable; append only
        not-null | set not null; @set-not-null*; make it not null; mandatory; required column | not null
        add-column | add column | add column; adding a column; add a column; new column*
        foreign-key | @fk*; foreign key; add constraint ~ references | foreign key*; referenc*
        fk-validation | @fk*; foreign key ~ references | not valid; validat*; orphan*; without an order; dangling
        cascade | on delete cascade | on delete cascade; cascade; cascades
        constraint-names | constraint fk_*; constraint ix_*; constraint idx_*; constraint uq_*; constraint pk_*; constraint chk_*; index ix_*; index concurrently ix_*; index idx_*; index concurrently idx_* | names of constraints; naming; constraint names; name of constraints
        truncate | truncate | truncate*
        retention | delete from; retention; purge; older than; interval | kept for; retention; ten years; purg*; months after; deleted after
        copies | message*; chat | copies message*; copy of; copies of
        materialized-view | materialized view | refresh*; materialized
        varchar | varchar; character varying; @varchar* | varchar*
        documents | jsonb; json; metadata; attributes | jsonb; json; metadata; attributes
        partitions | partition*; events_2* | partition*
        pruning | append; events_2*; date_trunc | all partitions; prun*; without a day; without a date
        sort-spill | @sort-spill; external merge; work_mem | work_mem; sort on disk; sorted on disk; temporary files; spill*
        estimates | @row-underestimate; @row-overestimate; @nested-loop*; underestimate | wrong estimate; statistics; selectivit*; row expected; rows expected
        wide-rows | select *; toast; @wide* | toast; all columns; every column; select *
        paging | offset | offset; pagination; keyset
        counting | count | count; counting; counts
        per-row-queries | @n-plus-one; n plus 1; many executions | each item; fetched each; per row; n plus 1
        row-locks | update on; delete on; lockrows | are locked; is locked; locked by; idle in transaction; waiting for one row; waits for a lock; wait for a lock
        case-folding | lower; email text; email varchar | lower
        bloat | @table-bloat; bloat; @dead* | bloat*; times its size; dead rows; vacuumed
        latency-budget | index scan using; plan | must stay under; may never become slow; latency budget
        pooling | prepared; pgbouncer; advisory; listen; temporary table; temp table; pool* | pgbouncer; pooler; transaction mode; pool*
        reports | reporting*; dashboard*; report* | replica; report*; dashboard*
        exposure | create policy; grant; api | read by another; no policy; leak*
        partial-index | create index ~ where; create unique index ~ where | partial
        """;

    /// <summary>The ids in the order of the table.</summary>
    public static ImmutableArray<string> Ids { get; }

    private static readonly PhraseMatcher Cases, Entries;

    static Concerns()
    {
        var rows = Table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(" | ")).ToList();
        Ids = [.. rows.Select(row => row[0].Trim())];
        (Cases, Entries) = (new([.. rows.Select(row => row[1])]), new([.. rows.Select(row => row[2])]));
    }

    /// <summary>What a case raises, a bit for each of <see cref="Ids"/>.</summary>
    public static ulong OfCase(MemoryCase subject) => Cases.Find(subject.Text, subject.Topics);

    /// <summary>What a part of an entry is about.</summary>
    public static ulong OfEntry(string text) => Entries.Find(text, []);
}
