-- Partition pruning at planning time, none, and by joins; BRIN, GIN and GiST beside btree; the default partition; parents' and children's statistics.

-- name: one day of a device
SELECT at, value FROM readings WHERE device_id = 17 AND metric_id = 1 AND at >= '2026-03-10' AND at < '2026-03-11' ORDER BY at;
-- name: one reading by its key
SELECT value FROM readings WHERE device_id = 17 AND metric_id = 1 AND region = 'north' AND at = '2026-03-10 12:00:00+00';
-- name: the latest readings of a device, all time
SELECT at, value FROM readings WHERE device_id = 17 AND metric_id = 1 AND region = 'north' ORDER BY at DESC LIMIT 10;
-- name: the latest readings of a rare device
SELECT at, value FROM readings WHERE device_id = 1990 ORDER BY at DESC LIMIT 10;
-- name: the latest readings of all
SELECT device_id, at, value FROM readings ORDER BY at DESC LIMIT 20;
-- name: an hour of all devices
SELECT device_id, metric_id, avg(value) FROM readings WHERE at >= '2026-05-05 10:00:00+00' AND at < '2026-05-05 11:00:00+00' GROUP BY device_id, metric_id;
-- name: a day of all devices
SELECT metric_id, count(*), avg(value), max(value) FROM readings WHERE at >= '2026-05-05' AND at < '2026-05-06' GROUP BY metric_id;
-- name: a month by metric
SELECT metric_id, count(*), avg(value) FROM readings WHERE at >= '2026-02-01' AND at < '2026-03-01' GROUP BY metric_id;
-- name: a quarter by day
SELECT date_trunc('day', at, 'UTC') AS day, count(*) FROM readings WHERE at >= '2026-01-01' AND at < '2026-04-01' GROUP BY 1 ORDER BY 1;
-- name: all readings counted
SELECT count(*) FROM readings;
-- name: all readings by region
SELECT region, count(*) FROM readings GROUP BY region;
-- name: the sub-partitioned month, one region
SELECT count(*), avg(value) FROM readings WHERE at >= '2026-07-01' AND at < '2026-08-01' AND region = 'south';
-- name: the sub-partitioned month, two regions
SELECT device_id, max(value) FROM readings WHERE at >= '2026-07-10' AND at < '2026-07-12' AND region IN ('north', 'east') GROUP BY device_id;
-- name: the sub-partitioned month, a device
SELECT at, value FROM readings WHERE at >= '2026-07-01' AND at < '2026-08-01' AND device_id = 5 AND metric_id = 2;
-- name: the strays
SELECT device_id, at FROM readings WHERE at < '2025-01-01' LIMIT 50;
-- name: bad readings of a month
SELECT device_id, at, quality FROM readings WHERE metric_id = 3 AND quality > 0 AND at >= '2026-04-01' AND at < '2026-05-01';
-- name: very bad readings of all time
SELECT device_id, at FROM readings WHERE quality = 3 AND metric_id = 6 ORDER BY at DESC LIMIT 30;
-- name: readings above a bound
SELECT count(*) FROM readings WHERE value > 64.5;
-- name: readings above a bound in a week
SELECT device_id, at, value FROM readings WHERE value > 64.5 AND at >= '2026-06-08' AND at < '2026-06-15' ORDER BY value DESC LIMIT 20;
-- name: payload with retries
SELECT device_id, at FROM readings WHERE payload @> '{"retries": 3}' AND at >= '2026-06-01' AND at < '2026-07-01';
-- name: payload key by text
SELECT count(*) FROM readings WHERE payload ->> 'retries' = '3' AND at >= '2026-06-01';
-- name: rows with any payload
SELECT count(payload) FROM readings WHERE payload IS NOT NULL;
-- name: readings of a site's devices in a week
SELECT d.serial, avg(r.value) FROM devices AS d JOIN readings AS r ON r.device_id = d.id WHERE d.site_id = 60 AND r.metric_id = 1 AND r.at >= '2026-06-01' AND r.at < '2026-06-08' GROUP BY d.serial;
-- name: readings of a region's roof devices on a day
SELECT s.name, count(*) FROM sites AS s JOIN devices AS d ON d.site_id = s.id JOIN readings AS r ON r.device_id = d.id
WHERE s.region = 'east' AND d.labels @> '{roof}' AND r.at >= '2026-06-10' AND r.at < '2026-06-11' GROUP BY s.name;
-- name: five tables
SELECT s.region, m.name, count(*), avg(r.value) FROM readings AS r JOIN devices AS d ON d.id = r.device_id JOIN sites AS s ON s.id = d.site_id JOIN metrics AS m ON m.id = r.metric_id
JOIN alerts AS a ON a.device_id = d.id AND a.metric_id = m.id WHERE a.during @> timestamptz '2026-06-15 00:00:00+00' AND r.at >= '2026-06-14' AND r.at < '2026-06-16' GROUP BY s.region, m.name;
-- name: readings during alerts
SELECT a.id, max(r.value) FROM alerts AS a JOIN readings AS r ON r.device_id = a.device_id AND r.metric_id = a.metric_id AND r.at <@ a.during
WHERE a.severity = 5 AND a.started_at >= '2026-06-01' AND a.started_at < '2026-06-08' AND r.at >= '2026-06-01' AND r.at < '2026-06-15' GROUP BY a.id;
-- name: latest per device by LATERAL
SELECT d.serial, last.at, last.value FROM devices AS d, LATERAL (SELECT at, value FROM readings AS r WHERE r.device_id = d.id AND r.metric_id = 1 ORDER BY at DESC LIMIT 1) AS last WHERE d.site_id = 3;
-- name: latest per device by DISTINCT ON
SELECT DISTINCT ON (device_id) device_id, at, value FROM readings WHERE metric_id = 2 AND at >= '2026-06-25' AND at < '2026-07-01' ORDER BY device_id, at DESC;
-- name: difference from the reading before
SELECT at, value - lag(value) OVER (ORDER BY at) FROM readings WHERE device_id = 3 AND metric_id = 1 AND region = 'north' AND at >= '2026-05-01' AND at < '2026-05-08';
-- name: moving average by device
SELECT device_id, at, avg(value) OVER (PARTITION BY device_id ORDER BY at ROWS 5 PRECEDING) FROM readings WHERE metric_id = 4 AND at >= '2026-04-01' AND at < '2026-04-03';
-- name: devices without readings in a month
SELECT d.id FROM devices AS d WHERE NOT EXISTS (SELECT FROM readings AS r WHERE r.device_id = d.id AND r.at >= '2026-06-01' AND r.at < '2026-07-01');
-- name: devices with a high reading
SELECT d.serial FROM devices AS d WHERE d.id IN (SELECT device_id FROM readings WHERE value > 65 AND at >= '2026-06-01' AND at < '2026-07-01');
-- name: first and last time
SELECT min(at), max(at) FROM readings WHERE device_id = 40;
-- name: first and last time of a month
SELECT min(at), max(at) FROM readings WHERE at >= '2026-03-01' AND at < '2026-04-01';
-- name: two separate days
SELECT count(*) FROM readings WHERE at >= '2025-09-01' AND at < '2025-09-02' OR at >= '2026-02-01' AND at < '2026-02-02';
-- name: a list of devices in two months
SELECT device_id, count(*) FROM readings WHERE device_id IN (1, 5, 9, 100, 900, 1800) AND at >= '2026-01-15' AND at < '2026-02-15' GROUP BY device_id;
-- name: any of many devices
SELECT count(*) FROM readings WHERE device_id = ANY (ARRAY[2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47]) AND metric_id = ANY (ARRAY[1, 2]) AND at >= '2026-06-01';
-- name: month against month before
WITH a AS (SELECT device_id, avg(value) AS mean FROM readings WHERE metric_id = 1 AND at >= '2026-06-01' AND at < '2026-07-01' GROUP BY device_id),
     b AS (SELECT device_id, avg(value) AS mean FROM readings WHERE metric_id = 1 AND at >= '2026-05-01' AND at < '2026-06-01' GROUP BY device_id)
SELECT a.device_id, a.mean - b.mean FROM a JOIN b USING (device_id) ORDER BY 2 DESC LIMIT 10;
-- name: gaps in a series
SELECT slot FROM generate_series(timestamptz '2026-06-01', '2026-06-02', interval '1 hour') AS slot
WHERE NOT EXISTS (SELECT FROM readings AS r WHERE r.device_id = 77 AND r.at >= slot AND r.at < slot + interval '1 hour');
-- name: daily of a device
SELECT day, mean FROM daily WHERE device_id = 12 AND metric_id = 1 ORDER BY day DESC LIMIT 31;
-- name: daily of a day
SELECT device_id, mean FROM daily WHERE day = '2026-06-15 00:00:00+00' AND metric_id = 2;
-- name: daily extremes
SELECT device_id, max(highest) FROM daily WHERE day >= '2026-06-01' GROUP BY device_id HAVING max(highest) > 64 ORDER BY 2 DESC LIMIT 10;
-- name: daily joined to devices
SELECT d.model, avg(y.mean) FROM daily AS y JOIN devices AS d ON d.id = y.device_id WHERE y.metric_id = 3 GROUP BY d.model;
-- name: devices by label
SELECT id, serial FROM devices WHERE labels @> '{pilot}';
-- name: devices by two labels
SELECT id FROM devices WHERE labels @> '{roof,beta}' AND retired_at IS NULL;
-- name: devices by any label
SELECT count(*) FROM devices WHERE labels && '{model-6,beta}';
-- name: devices by a setting
SELECT id FROM devices WHERE settings @> '{"mode": "eco", "zone": 5}';
-- name: devices of a model and firmware
SELECT id, serial FROM devices WHERE model = 'M2' AND firmware = '2.3';
-- name: models and firmwares
SELECT model, firmware, count(*) FROM devices GROUP BY model, firmware;
-- name: devices nearly empty
SELECT serial, battery FROM devices WHERE battery < 5 AND retired_at IS NULL ORDER BY battery LIMIT 20;
-- name: active devices of a site
SELECT serial FROM devices WHERE site_id = 8 AND retired_at IS NULL ORDER BY serial;
-- name: a device by its serial
SELECT * FROM devices WHERE serial = 'SN-0007919';
-- name: serials that begin so
SELECT id FROM devices WHERE serial LIKE 'SN-00%';
-- name: events of a device
SELECT kind, at, message FROM events WHERE device_id = 33 ORDER BY at DESC LIMIT 20;
-- name: alarms of a device
SELECT at, message FROM events WHERE device_id = 33 AND kind = 'alarm' ORDER BY at DESC LIMIT 20;
-- name: logins of a day
SELECT device_id, message FROM events WHERE kind = 'login' AND at >= '2025-12-01' AND at < '2025-12-02';
-- name: links by day
SELECT date_trunc('day', at, 'UTC'), count(*) FROM events WHERE kind = 'link' GROUP BY 1;
-- name: severe events
SELECT id, kind, at FROM events WHERE severity >= 4 AND at >= '2026-02-20' ORDER BY at DESC LIMIT 50;
-- name: events by a code
SELECT count(*) FROM events WHERE details @> '{"code": 150}';
-- name: events by a message
SELECT id, at FROM events WHERE message LIKE '%unit 123, battery low%';
-- name: an event by its id
SELECT * FROM events WHERE id = 100000;
-- name: an event by id and kind
SELECT * FROM events WHERE id = 100000 AND kind = 'boot';
-- name: alerts at a moment
SELECT id, device_id FROM alerts WHERE during @> timestamptz '2026-03-03 03:03:03+00';
-- name: alerts that overlap a week
SELECT count(*) FROM alerts WHERE during && tstzrange('2026-03-01', '2026-03-08') AND severity >= 4;
-- name: open alerts
SELECT * FROM open_alerts ORDER BY since DESC LIMIT 20;
-- name: open alerts of a site
SELECT serial, metric, since FROM open_alerts WHERE site = 'Site 5' AND severity > 1;
-- name: alerts not acknowledged
SELECT device_id, count(*) FROM alerts WHERE acknowledged_by IS NULL AND started_at >= '2026-05-01' GROUP BY device_id ORDER BY 2 DESC LIMIT 10;
-- name: alerts of an operator
SELECT id, started_at FROM alerts WHERE acknowledged_by = 'operator7' ORDER BY started_at DESC LIMIT 20;
-- name: alarms while an alert was open
SELECT e.id FROM events AS e JOIN alerts AS a ON a.device_id = e.device_id AND a.during @> e.at WHERE e.kind = 'alarm' AND a.severity = 5 AND e.at >= '2026-01-01';
-- name: sites whose area holds a number
SELECT name FROM sites WHERE area @> 123.5;
