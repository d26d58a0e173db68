-- The workload's writes, each for a thousand rows that are spread as they are in life; the time of one is a thousandth.

-- name: lend a copy
INSERT INTO loans (copy_id, member_id, lent_at, due_on, renewals)
SELECT copy_id, member_id, timestamptz '2026-07-01 00:00:00+00' + id * interval '1 millisecond', '2026-07-29', 0 FROM loans WHERE id IN (SELECT n * 499 FROM generate_series(1, 1000) AS n);

-- name: take a copy back
UPDATE loans SET returned_at = '2026-07-01 10:00:00+00' WHERE id IN (SELECT 500000 - n * 29 FROM generate_series(1, 1000) AS n);

-- name: state of a copy
UPDATE copies SET state = CASE state WHEN 'lent' THEN 'shelf' ELSE 'lent' END WHERE id IN (SELECT n * 249 FROM generate_series(1, 1000) AS n);

-- name: reserve
INSERT INTO reservations (title_id, member_id, made_at) SELECT title_id, member_id, timestamptz '2026-07-01 00:00:00+00' + id * interval '1 millisecond' FROM reservations WHERE id IN (SELECT n * 149 FROM generate_series(1, 1000) AS n);

-- name: fulfil a reservation
UPDATE reservations SET fulfilled_at = '2026-07-01 10:00:00+00' WHERE id IN (SELECT 150000 - n * 4 FROM generate_series(1, 1000) AS n);
