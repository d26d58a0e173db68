-- Events by year, without a default partition; the table of 2026 waits to be attached.
CREATE TABLE accounts (id bigint PRIMARY KEY);

CREATE TABLE events (
    occurred_at timestamptz NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (id, occurred_at)
) PARTITION BY RANGE (occurred_at);

CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

CREATE TABLE events_2026 (
    occurred_at timestamptz NOT NULL,
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    PRIMARY KEY (id, occurred_at)
);
