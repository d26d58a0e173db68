-- Telemetry: 900,000 readings appended in the order of time by 4,000 devices, 250,000 events, 60,000 trips, places and times as points and ranges.
-- Keys only, and two indexes that nobody needs. The same rows each time.
SELECT setseed(0.13);
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;

CREATE TABLE sites (id integer PRIMARY KEY, name text NOT NULL, region text NOT NULL);
CREATE TABLE devices (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id integer NOT NULL REFERENCES sites,
    serial text NOT NULL,
    model text NOT NULL,
    labels text[] NOT NULL,
    settings jsonb NOT NULL,
    place point NOT NULL,
    last_seen_at timestamptz NOT NULL,
    retired_at timestamptz
) WITH (fillfactor = 80);
CREATE TABLE readings (
    device_id integer NOT NULL,
    metric smallint NOT NULL,
    at timestamptz NOT NULL,
    value double precision NOT NULL,
    quality smallint NOT NULL
);
CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id integer NOT NULL REFERENCES devices,
    kind text NOT NULL,
    severity smallint NOT NULL,
    message text NOT NULL,
    labels text[] NOT NULL,
    payload jsonb NOT NULL,
    at timestamptz NOT NULL,
    resolved_at timestamptz
) WITH (fillfactor = 85);
CREATE TABLE trips (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id integer NOT NULL REFERENCES devices,
    during tstzrange NOT NULL,
    start_place point NOT NULL,
    metres integer NOT NULL
);
CREATE TABLE firmware_jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id integer NOT NULL REFERENCES devices,
    state text NOT NULL,
    version text NOT NULL,
    scheduled_at timestamptz NOT NULL,
    finished_at timestamptz
) WITH (fillfactor = 80);

INSERT INTO sites SELECT n, 'Site ' || n, (ARRAY['north', 'south', 'east', 'west'])[1 + n % 4] FROM generate_series(1, 150) AS n;
INSERT INTO devices (site_id, serial, model, labels, settings, place, last_seen_at, retired_at)
SELECT 1 + floor(power(random(), 1.5) * 150)::integer, CASE WHEN n % 2 = 0 THEN 'sn' ELSE 'SN' END || lpad((n * 7919 % 100003)::text, 6, '0'), 'M' || 1 + floor(power(random(), 2) * 12), ARRAY['m' || n % 13] || CASE WHEN n % 40 = 0 THEN ARRAY['pilot'] ELSE '{}' END,
       jsonb_build_object('interval', (ARRAY[10, 60, 300])[1 + n % 3], 'zone', n % 90), point(random() * 1000, random() * 1000), timestamptz '2026-06-30 00:00:00+00' - power(random(), 8) * interval '300 days',
       CASE WHEN random() < 0.05 THEN timestamptz '2026-05-01 00:00:00+00' END
FROM generate_series(1, 4000) AS n;
INSERT INTO readings
SELECT 1 + floor(power(random(), 1.3) * 4000)::integer, 1 + floor(power(random(), 1.5) * 4)::integer, timestamptz '2026-01-01 00:00:00+00' + n * interval '17 seconds' - random() * interval '1 minute', 20 + 8 * sin(n / 800.0) + random() * 5, CASE WHEN random() < 0.004 THEN 1 ELSE 0 END
FROM generate_series(1, 900000) AS n;
INSERT INTO events (device_id, kind, severity, message, labels, payload, at, resolved_at)
SELECT 1 + floor(power(random(), 1.5) * 4000)::integer, kind, CASE WHEN kind = 'alarm' THEN 2 + floor(random() * 3)::integer ELSE floor(random() * 2)::integer END,
       initcap(kind) || ' ' || (ARRAY['on bus', 'at gateway', 'by watchdog', 'after update'])[1 + n % 4] || ' ' || substr(md5(n::text), 1, 6), ARRAY['l' || floor(power(random(), 2) * 300), 'z' || n % 40],
       jsonb_build_object('code', floor(power(random(), 2) * 2000), 'rssi', floor(random() * 90)), at, CASE WHEN random() < 0.985 THEN at + interval '1 hour' END
FROM (SELECT n, (ARRAY['boot', 'link', 'link', 'link', 'login', 'alarm', 'update', 'link'])[1 + floor(random() * 8)::integer] AS kind, timestamptz '2026-01-01 00:00:00+00' + n * interval '62 seconds' AS at FROM generate_series(1, 250000) AS n OFFSET 0) AS drawn ORDER BY n;
INSERT INTO trips (device_id, during, start_place, metres)
SELECT 1 + floor(random() * 4000)::integer, tstzrange(at, at + (5 + random() * 90) * interval '1 minute'), point(random() * 1000, random() * 1000), floor(power(random(), 3) * 80000) FROM (SELECT timestamptz '2026-01-01 00:00:00+00' + n * interval '4 minutes' AS at FROM generate_series(1, 60000) AS n) AS drawn;
INSERT INTO firmware_jobs (device_id, state, version, scheduled_at, finished_at)
SELECT 1 + floor(random() * 4000)::integer, CASE WHEN random() < 0.012 THEN 'waiting' WHEN random() < 0.05 THEN 'failed' ELSE 'done' END, '1.' || floor(random() * 30), timestamptz '2026-01-01 00:00:00+00' + n * interval '2 minutes', timestamptz '2026-01-01 00:10:00+00' + n * interval '2 minutes' FROM generate_series(1, 120000) AS n;

-- Needless: the beginning of devices_site_model_idx, and one that nothing reads.
CREATE INDEX devices_site_model_idx ON devices (site_id, model);
CREATE INDEX devices_site_idx ON devices (site_id);
CREATE INDEX events_severity_idx ON events (severity);
