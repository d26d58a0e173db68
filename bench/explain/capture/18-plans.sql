-- What only 18 shows: searches of an index, disabled nodes, fractions of rows, storage of tuple stores.
CREATE INDEX events_device_at ON events (device, at);
VACUUM ANALYZE events;
\o skip-scan-tenants.json
:json SELECT count(*) FROM events WHERE at >= '2024-03-01' AND at < '2024-03-08';
\o second-key-devices-18.txt
SELECT pg_prewarm('events_device_at') AS warm \gset
BEGIN;
DROP INDEX events_tenant_at;
:text SELECT count(*), max(at) FROM events WHERE at >= '2024-03-01' AND at < '2024-03-03';
ROLLBACK;
\o second-key-18.json
SET enable_bitmapscan = off; SET enable_seqscan = off;
:json SELECT count(*) FROM items WHERE line > 1;
RESET ALL;
\o disabled-18.json
SET enable_seqscan = off;
:json SELECT page, count(*) FROM visits GROUP BY page;
RESET ALL;
\o disabled-18.txt
SET enable_nestloop = off;
:text SELECT count(*), sum(page + n) FROM visits v CROSS JOIN (VALUES (1), (2), (3)) x (n);
RESET ALL;
\o window-18.json
:json SELECT id, count(*) OVER () AS whole, reference, zip FROM orders;
\o cte-18.txt
:text WITH big AS MATERIALIZED (SELECT id, reference, total FROM orders) SELECT (SELECT sum(total) FROM big), (SELECT max(reference) FROM big);
\o inner-18.json
:json SELECT c.id, v.at FROM customers c CROSS JOIN LATERAL (SELECT at FROM visits WHERE visits.customer_id = c.id ORDER BY at DESC LIMIT 1) v WHERE c.id <= 600;
\o filter-18.txt
:text SELECT * FROM orders WHERE reference = 'R7919';
\o correlated-18.json
:json SELECT o.id, i.product_id FROM orders o JOIN items i ON i.order_id = o.id WHERE o.country = 'land 7' AND o.city = 'city 7' AND o.zip = 'zip 7';
\o sort-18.json
:json SELECT id, reference FROM orders ORDER BY reference, id DESC;
\o wrong-index-18.json
:json SELECT id, kind FROM events WHERE NOT processed ORDER BY id LIMIT 1;

-- Healthy.
CREATE INDEX events_kind_at ON events (kind, at);
VACUUM ANALYZE events;
\o skip-scan-kinds.json
:json SELECT count(*) FROM events WHERE at >= '2024-03-01' AND at < '2024-03-02' AND kind < 'kind 7';
\o fractions-18.json
:json SELECT c.id, sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id BETWEEN 300 AND 420 GROUP BY c.id;
\o orders-by-region-18.txt
SET work_mem = '16MB';
:text SELECT c.region, sum(o.total) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.region;
RESET ALL;
\o cte-small-18.json
:json WITH few AS MATERIALIZED (SELECT page, count(*) AS n FROM visits GROUP BY page) SELECT a.page, a.n - b.n FROM few a JOIN few b ON b.page = a.page + 1;
DROP INDEX events_device_at, events_kind_at;
