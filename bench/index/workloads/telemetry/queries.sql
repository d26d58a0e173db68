-- What the application asks, with the calls a second in a busy hour as weights, given to the advisors.

-- name: a device's day
-- weight: 60
SELECT at, value FROM readings WHERE device_id = 310 AND metric = 1 AND at >= '2026-05-05' AND at < '2026-05-06' ORDER BY at;

-- name: a device's last value
-- weight: 80
SELECT at, value FROM readings WHERE device_id = 2210 AND metric = 2 ORDER BY at DESC LIMIT 1;

-- name: last values of a site
-- weight: 3
SELECT d.serial, r.at, r.value FROM devices AS d CROSS JOIN LATERAL (SELECT at, value FROM readings WHERE device_id = d.id AND metric = 1 ORDER BY at DESC LIMIT 1) AS r WHERE d.site_id = 77 AND d.retired_at IS NULL;

-- name: an hour of all devices
-- weight: 10
SELECT metric, count(*), avg(value), max(value) FROM readings WHERE at >= '2026-04-04 10:00:00+00' AND at < '2026-04-04 11:00:00+00' GROUP BY metric;

-- name: a day of all devices
-- weight: 2
SELECT device_id, avg(value) FROM readings WHERE metric = 1 AND at >= '2026-04-04' AND at < '2026-04-05' GROUP BY device_id;

-- name: doubtful readings
-- weight: 6
SELECT device_id, metric, at FROM readings WHERE quality > 0 ORDER BY at DESC LIMIT 100;

-- name: readings by month
-- weight: 0.02
SELECT date_trunc('month', at), metric, count(*), avg(value) FROM readings GROUP BY 1, 2;

-- name: a device by its serial
-- weight: 100
SELECT id, site_id, model FROM devices WHERE upper(serial) = 'SN007919';

-- name: devices near a place
-- weight: 40
SELECT id, serial, place <-> point '(412.5,88.25)' AS distance FROM devices WHERE retired_at IS NULL ORDER BY place <-> point '(412.5,88.25)' LIMIT 10;

-- name: devices of a label
-- weight: 10
SELECT id, serial FROM devices WHERE labels @> '{pilot}' AND site_id = 3;

-- name: silent devices
-- weight: 5
SELECT id, serial, last_seen_at FROM devices WHERE last_seen_at < '2025-10-01' AND retired_at IS NULL ORDER BY last_seen_at;

-- name: a device's events
-- weight: 60
SELECT kind, message, at FROM events WHERE device_id = 640 ORDER BY at DESC LIMIT 20;

-- name: unresolved alarms
-- weight: 30
SELECT id, device_id, severity, at FROM events WHERE resolved_at IS NULL AND severity >= 3 ORDER BY at DESC LIMIT 50;

-- name: events by a label
-- weight: 15
SELECT id, device_id, at FROM events WHERE labels @> '{l290}' ORDER BY at DESC LIMIT 30;

-- name: events by either label
-- weight: 8
SELECT count(*) FROM events WHERE labels && '{l281,l288}';

-- name: events by code
-- weight: 20
SELECT id, device_id, at FROM events WHERE (payload ->> 'code')::integer = 1777;

-- name: events with a text
-- weight: 4
SELECT id, message FROM events WHERE message LIKE '%a1b2%';

-- name: alarms of a week
-- weight: 4
SELECT device_id, count(*) FROM events WHERE kind = 'alarm' AND at >= '2026-03-09' AND at < '2026-03-16' GROUP BY device_id ORDER BY 2 DESC LIMIT 20;

-- name: trips at a moment
-- weight: 20
SELECT id, device_id FROM trips WHERE during @> timestamptz '2026-03-03 12:00:00+00';

-- name: a device's trips in a span
-- weight: 20
SELECT id, during, metres FROM trips WHERE device_id = 815 AND during && tstzrange('2026-02-01', '2026-03-01');

-- name: trips that began in a box
-- weight: 8
SELECT count(*), sum(metres) FROM trips WHERE start_place <@ box '((100,100),(120,120))';

-- name: longest trips
-- weight: 3
SELECT id, device_id, metres FROM trips ORDER BY metres DESC LIMIT 10;

-- name: jobs that are due
-- weight: 60
SELECT id, device_id, version FROM firmware_jobs WHERE state = 'waiting' AND scheduled_at < '2026-05-01' ORDER BY scheduled_at LIMIT 20;

-- name: a device's jobs
-- weight: 20
SELECT state, version, scheduled_at FROM firmware_jobs WHERE device_id = 1210 ORDER BY scheduled_at DESC LIMIT 5;

-- name: store a reading
-- weight: 400
INSERT INTO readings (device_id, metric, at, value, quality) VALUES (310, 1, '2026-07-01 10:00:00+00', 21.5, 0);

-- name: store an event
-- weight: 60
INSERT INTO events (device_id, kind, severity, message, labels, payload, at) VALUES (640, 'link', 1, 'Link at gateway 00aa11', '{l7,z3}', '{"code": 12, "rssi": 40}', '2026-07-01 10:00:00+00');

-- name: resolve an event
-- weight: 30
UPDATE events SET resolved_at = '2026-07-01 10:00:00+00' WHERE id = 249000;

-- name: device seen
-- weight: 200
UPDATE devices SET last_seen_at = '2026-07-01 10:00:00+00' WHERE id = 310;

-- name: finish a job
-- weight: 20
UPDATE firmware_jobs SET state = 'done', finished_at = '2026-07-01 10:00:00+00' WHERE id = 119000;

-- name: forget readings
-- weight: 1
DELETE FROM readings WHERE at < '2025-12-31 23:59:30+00';
