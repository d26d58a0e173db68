-- A partitioned time series: 900,000 readings of 2,000 devices in thirteen months that grow, the last of them partitioned again by region, a default
-- partition with strays, BRIN on the time; events partitioned by kind; alerts with ranges. The same rows each time.
SELECT setseed(0.23);

CREATE TYPE region AS ENUM ('north', 'south', 'east', 'west');
CREATE DOMAIN percentage AS real CHECK (VALUE BETWEEN 0 AND 100);

CREATE TABLE sites (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    region region NOT NULL,
    opened_on date NOT NULL,
    area numrange NOT NULL
);
CREATE TABLE metrics (
    id smallint PRIMARY KEY,
    name text NOT NULL UNIQUE,
    unit text NOT NULL
);
CREATE TABLE devices (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id integer NOT NULL REFERENCES sites,
    serial text NOT NULL UNIQUE,
    model text NOT NULL,
    firmware text NOT NULL,
    labels text[] NOT NULL,
    settings jsonb NOT NULL,
    battery percentage NOT NULL,
    retired_at timestamptz
);
CREATE TABLE readings (
    device_id integer NOT NULL,
    metric_id smallint NOT NULL,
    region region NOT NULL,
    at timestamptz NOT NULL,
    value double precision NOT NULL,
    quality smallint NOT NULL,
    payload jsonb
) PARTITION BY RANGE (at);
CREATE TABLE readings_2025_07 PARTITION OF readings FOR VALUES FROM ('2025-07-01') TO ('2025-08-01');
CREATE TABLE readings_2025_08 PARTITION OF readings FOR VALUES FROM ('2025-08-01') TO ('2025-09-01');
CREATE TABLE readings_2025_09 PARTITION OF readings FOR VALUES FROM ('2025-09-01') TO ('2025-10-01');
CREATE TABLE readings_2025_10 PARTITION OF readings FOR VALUES FROM ('2025-10-01') TO ('2025-11-01');
CREATE TABLE readings_2025_11 PARTITION OF readings FOR VALUES FROM ('2025-11-01') TO ('2025-12-01');
CREATE TABLE readings_2025_12 PARTITION OF readings FOR VALUES FROM ('2025-12-01') TO ('2026-01-01');
CREATE TABLE readings_2026_01 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE readings_2026_02 PARTITION OF readings FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE readings_2026_03 PARTITION OF readings FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
CREATE TABLE readings_2026_04 PARTITION OF readings FOR VALUES FROM ('2026-04-01') TO ('2026-05-01');
CREATE TABLE readings_2026_05 PARTITION OF readings FOR VALUES FROM ('2026-05-01') TO ('2026-06-01');
CREATE TABLE readings_2026_06 PARTITION OF readings FOR VALUES FROM ('2026-06-01') TO ('2026-07-01');
CREATE TABLE readings_2026_07 PARTITION OF readings FOR VALUES FROM ('2026-07-01') TO ('2026-08-01') PARTITION BY LIST (region);
CREATE TABLE readings_2026_07_north PARTITION OF readings_2026_07 FOR VALUES IN ('north');
CREATE TABLE readings_2026_07_south PARTITION OF readings_2026_07 FOR VALUES IN ('south');
CREATE TABLE readings_2026_07_others PARTITION OF readings_2026_07 DEFAULT;
CREATE TABLE readings_strays PARTITION OF readings DEFAULT;

CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    device_id integer NOT NULL REFERENCES devices,
    at timestamptz NOT NULL,
    severity smallint NOT NULL,
    message text NOT NULL,
    details jsonb NOT NULL,
    PRIMARY KEY (id, kind)
) PARTITION BY LIST (kind);
CREATE TABLE events_boot PARTITION OF events FOR VALUES IN ('boot', 'shutdown');
CREATE TABLE events_alarm PARTITION OF events FOR VALUES IN ('alarm');
CREATE TABLE events_other PARTITION OF events DEFAULT;

CREATE TABLE alerts (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id integer NOT NULL REFERENCES devices,
    metric_id smallint NOT NULL REFERENCES metrics,
    during tstzrange NOT NULL,
    severity smallint NOT NULL,
    acknowledged_by text,
    started_at timestamptz GENERATED ALWAYS AS (lower(during)) STORED
);

INSERT INTO sites (name, region, opened_on, area)
SELECT 'Site ' || n, (ARRAY['north', 'north', 'north', 'south', 'south', 'east', 'west'])[1 + n % 7]::region, date '2015-01-01' + n * 17, numrange(n * 10, n * 10 + 5 + n % 30)
FROM generate_series(1, 120) AS n;
INSERT INTO metrics SELECT n, (ARRAY['temperature', 'humidity', 'pressure', 'power', 'flow', 'vibration'])[n], (ARRAY['C', '%', 'hPa', 'W', 'l/s', 'mm/s'])[n] FROM generate_series(1, 6) AS n;
INSERT INTO devices (site_id, serial, model, firmware, labels, settings, battery, retired_at)
SELECT 1 + floor(power(random(), 2) * 120)::integer, 'SN-' || lpad((n * 7919 % 1000003)::text, 7, '0'), 'M' || m, m || '.' || floor(random() * (4 + m)),
       ARRAY['model-' || m, (ARRAY['indoor', 'outdoor', 'roof', 'cellar'])[1 + n % 4]] || CASE WHEN n % 25 = 0 THEN ARRAY['pilot', 'beta'] ELSE '{}' END,
       jsonb_build_object('interval', (ARRAY[10, 60, 60, 300])[1 + n % 4], 'mode', CASE WHEN n % 9 = 0 THEN 'eco' ELSE 'normal' END, 'zone', n % 37), (random() * 100)::real,
       CASE WHEN random() < 0.08 THEN timestamptz '2026-01-01 00:00:00+00' + random() * interval '180 days' END
FROM generate_series(1, 2000) AS n, LATERAL (SELECT 1 + floor(power(random(), 1.5) * 6)::integer AS m WHERE n > 0) AS made;

-- Months grow from 30,000 to 120,000 readings; rows arrive almost in the order of time, and a few devices speak far more than the rest.
INSERT INTO readings
SELECT d.id, metric, s.region, at, (metric * 10 + 5 * sin(extract(hour FROM at)) + random() * 4)::double precision, CASE WHEN random() < 0.97 THEN 0 ELSE 1 + floor(random() * 3)::integer END,
       CASE WHEN random() < 0.05 THEN jsonb_build_object('raw', floor(random() * 1000), 'retries', floor(random() * 4)) END
FROM (
    SELECT month, n, 1 + floor(power(random(), 2.2) * 2000)::integer AS device, 1 + floor(power(random(), 1.4) * 6)::integer AS metric,
           timestamptz '2025-07-01 00:00:00+00' + month * interval '1 month' + (n - random() * 40) / (30000.0 + 7000 * month) * interval '30 days' AS at
    FROM generate_series(0, 12) AS month, generate_series(1, 30000 + 7000 * month) AS n
    OFFSET 0
) AS drawn
JOIN devices AS d ON d.id = device JOIN sites AS s ON s.id = d.site_id
ORDER BY month, n;
INSERT INTO readings
SELECT 1 + n % 2000, 1 + n % 6, 'north', CASE WHEN n % 2 = 0 THEN timestamptz '1970-01-01 00:00:00+00' ELSE timestamptz '2027-01-01 00:00:00+00' + n * interval '1 minute' END, 0, 3, NULL
FROM generate_series(1, 3000) AS n;

INSERT INTO events (kind, device_id, at, severity, message, details)
SELECT kind, 1 + floor(power(random(), 2) * 2000)::integer, timestamptz '2025-07-01 00:00:00+00' + n * interval '2 minutes', CASE WHEN kind = 'alarm' THEN 3 + floor(random() * 3)::integer ELSE floor(random() * 3)::integer END,
       initcap(kind) || ' of unit ' || n % 977 || CASE WHEN random() < 0.1 THEN ', battery low' ELSE '' END, jsonb_build_object('code', floor(power(random(), 3) * 200), 'source', (ARRAY['sensor', 'gateway', 'cloud'])[1 + n % 3])
FROM (SELECT n, (ARRAY['boot', 'boot', 'shutdown', 'alarm', 'login', 'update', 'update', 'link', 'link', 'link'])[1 + floor(random() * 10)::integer] AS kind FROM generate_series(1, 180000) AS n OFFSET 0) AS drawn;
INSERT INTO alerts (device_id, metric_id, during, severity, acknowledged_by)
SELECT 1 + floor(power(random(), 2) * 2000)::integer, 1 + floor(random() * 6)::integer, tstzrange(start, CASE WHEN random() < 0.98 THEN start + power(random(), 4) * interval '9 days' END), 1 + floor(power(random(), 2) * 5)::integer,
       CASE WHEN random() < 0.7 THEN 'operator' || floor(random() * 12) END
FROM (SELECT timestamptz '2025-07-01 00:00:00+00' + random() * interval '390 days' AS start FROM generate_series(1, 40000) OFFSET 0) AS drawn;

ALTER TABLE readings ADD PRIMARY KEY (device_id, metric_id, region, at);
CREATE INDEX readings_at ON readings USING brin (at) WITH (pages_per_range = 32);
CREATE INDEX readings_bad ON readings (metric_id, at) WHERE quality > 0;
CREATE INDEX devices_site ON devices (site_id) WHERE retired_at IS NULL;
CREATE INDEX devices_labels ON devices USING gin (labels);
CREATE INDEX devices_settings ON devices USING gin (settings jsonb_path_ops);
CREATE INDEX events_device ON events (device_id, at DESC);
CREATE INDEX events_severe ON events (at) WHERE severity >= 4;
CREATE INDEX events_at ON events_other USING brin (at);
CREATE INDEX alerts_during ON alerts USING gist (during);
CREATE INDEX alerts_open ON alerts (device_id) WHERE upper_inf(during);
CREATE STATISTICS devices_model_firmware (dependencies, ndistinct, mcv) ON model, firmware FROM devices;
CREATE STATISTICS events_day ON (date_trunc('day', at, 'UTC')), kind FROM events_other;
CREATE MATERIALIZED VIEW daily AS
SELECT device_id, metric_id, date_trunc('day', at, 'UTC') AS day, count(*) AS readings, avg(value) AS mean, max(value) AS highest FROM readings WHERE at >= '2026-05-01' AND at < '2026-08-01' GROUP BY 1, 2, 3;
CREATE UNIQUE INDEX daily_key ON daily (device_id, metric_id, day);
CREATE VIEW open_alerts AS
SELECT a.id, a.device_id, d.serial, s.name AS site, m.name AS metric, lower(a.during) AS since, a.severity
FROM alerts AS a JOIN devices AS d ON d.id = a.device_id JOIN sites AS s ON s.id = d.site_id JOIN metrics AS m ON m.id = a.metric_id WHERE upper_inf(a.during);
