-- The workload's writes, each for a thousand rows that are spread as they are in life; the time of one is a thousandth.

-- name: store a reading
INSERT INTO readings (device_id, metric, at, value, quality) SELECT 1 + n * 37 % 4000, 1 + n % 4, timestamptz '2026-07-01 00:00:00+00' + n * interval '17 seconds', 21.5, 0 FROM generate_series(1, 1000) AS n;

-- name: store an event
INSERT INTO events (device_id, kind, severity, message, labels, payload, at)
SELECT device_id, kind, severity, message, labels, payload, timestamptz '2026-07-01 00:00:00+00' + id * interval '1 millisecond' FROM events WHERE id IN (SELECT n * 249 FROM generate_series(1, 1000) AS n);

-- name: resolve an event
UPDATE events SET resolved_at = '2026-07-01 10:00:00+00' WHERE id IN (SELECT 250000 - n * 17 FROM generate_series(1, 1000) AS n);

-- name: device seen
UPDATE devices SET last_seen_at = timestamptz '2026-07-01 10:00:00+00' + id * interval '1 millisecond' WHERE id IN (SELECT n * 4 - 1 FROM generate_series(1, 1000) AS n);

-- name: finish a job
UPDATE firmware_jobs SET state = 'done', finished_at = '2026-07-01 10:00:00+00' WHERE id IN (SELECT 120000 - n * 31 FROM generate_series(1, 1000) AS n);
