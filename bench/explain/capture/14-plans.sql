-- The shapes of 14.
\o memoize-14.json
ALTER TABLE events ALTER device SET (n_distinct = 40); ANALYZE events (device);
SET work_mem = '64kB'; SET enable_hashjoin = off; SET enable_mergejoin = off;
:json SELECT sum(length(p.title)) FROM events e JOIN products p ON p.id = e.device + 1 WHERE e.id <= 60000;
RESET ALL;
ALTER TABLE events ALTER device RESET (n_distinct); ANALYZE events (device);
\o hash-14.txt
SET work_mem = '1MB';
:text SELECT count(*), max(c.note || o.reference) FROM orders o JOIN customers c ON c.id = o.customer_id;
RESET ALL;
\o not-in-14.json
SET work_mem = '64kB';
:json SELECT count(*) FROM customers c WHERE id <= 200 AND id NOT IN (SELECT customer_id FROM orders WHERE customer_id > 100);
RESET ALL;
\o window-14.txt
SET work_mem = '128MB';
:textbare SELECT * FROM (SELECT device, at, value, row_number() OVER (PARTITION BY device ORDER BY at DESC) AS place FROM events) e WHERE place = 1;
RESET ALL;

-- Healthy.
\o channels-14.json
:json SELECT channel, count(*), max(total) FROM orders GROUP BY channel;
\o fifty-lookups-14.txt
\pset format aligned
\pset tuples_only off
:text SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id BETWEEN 200000 AND 200050;
\o
\pset format unaligned
\pset tuples_only on
