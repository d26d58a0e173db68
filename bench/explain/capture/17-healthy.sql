-- Plans that tempt and are as good as they can be, or whose weakness costs nothing.

-- Everything must be read.
\o sum-of-all.json
:json SELECT sum(total), max(placed_at) FROM orders;
\o by-status.txt
:text SELECT status, count(*), avg(total) FROM orders GROUP BY status;
\o by-kind-parallel.json
:workers
:json SELECT kind, count(*), avg(value) FROM events GROUP BY kind;
RESET ALL;
\o all-partitions.json
:json SELECT count(*), avg(value) FROM readings;
\o most-of-it.json
:json SELECT max(reference) FROM orders WHERE upper(status) <> 'FAILED' AND total > 10;
\o two-thirds.txt
:textbare SELECT count(total) FROM orders WHERE channel > 6;
\o union-of-all.json
:bare SELECT count(*) FROM (SELECT id FROM orders UNION ALL SELECT order_id FROM items) u;
\o grouping-sets.json
:json SELECT channel, city, count(*) FROM orders GROUP BY GROUPING SETS ((channel), (city), ());

-- Joins of big tables.
\o orders-by-region.json
SET work_mem = '16MB';
:json SELECT c.region, sum(o.total) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.region;
\o items-by-category.txt
:text SELECT p.category, sum(i.qty * i.price) FROM items i JOIN products p ON p.id = i.product_id GROUP BY p.category;
RESET ALL;
\o items-hash-parallel.json
:workers
SET work_mem = '64MB';
:json SELECT count(*), max(o.reference) FROM items i JOIN orders o ON o.id = i.order_id WHERE o.total > 300;
RESET ALL;
\o merge-by-indexes.json
:json SELECT count(*) FROM orders o JOIN items i ON i.order_id = o.id;
\o without-orders.json
SET work_mem = '32MB';
:json SELECT count(*), max(c.name) FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id);
\o full-join.txt
:text SELECT count(*) FROM scans s FULL JOIN known k ON k.id = s.id WHERE s.id IS NULL OR k.id IS NULL OR s.print <> k.print;
RESET ALL;
\o category-verbose.json
:verbose SELECT p.category, count(*) FROM items i JOIN products p ON p.id = i.product_id GROUP BY p.category;
\o by-day-parallel.txt
:workers
:text SELECT placed_at::date, sum(total) FROM orders GROUP BY 1;
RESET ALL;

-- Loops that are short.
\o three-thousand-lookups.json
:json SELECT count(*), max(i.price) FROM orders o JOIN items i ON i.order_id = o.id WHERE o.placed_at BETWEEN '2024-03-01' AND '2024-03-03';
\o fifty-lookups.json
:json SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id BETWEEN 200000 AND 200050;
\o order-with-items.txt
:text SELECT o.*, i.*, p.title FROM orders o JOIN items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id WHERE o.id = 4711;
\o lateral-thirty.json
:json SELECT c.id, o.placed_at FROM customers c CROSS JOIN LATERAL (SELECT placed_at FROM orders WHERE customer_id = c.id ORDER BY placed_at DESC LIMIT 1) o WHERE c.id BETWEEN 500 AND 530;
\o subplan-hundred.json
:json SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id BETWEEN 700 AND 800;
\o memoize-hits.json
SET enable_hashjoin = off; SET enable_mergejoin = off;
:json SELECT count(*), max(c.name) FROM events e JOIN customers c ON c.id = e.tenant + 1 WHERE e.id <= 20000;
RESET ALL;
\o tiny-materialize.txt
:text SELECT count(*) FROM offers f JOIN (VALUES (10, 20), (20, 30), (50, 60)) v (low, high) ON f.percent BETWEEN v.low AND v.high;
\o three-times-all.json
:json SELECT v.n, sum(o.total) FROM orders o CROSS JOIN (VALUES (1), (2)) v (n) WHERE o.channel <> 3 GROUP BY v.n;
\o not-in-hashed.json
:json SELECT count(*) FROM customers c WHERE c.id NOT IN (SELECT customer_id FROM visits);

-- The right index.
\o newest-twenty.json
:json SELECT * FROM orders ORDER BY placed_at DESC LIMIT 20;
\o first-and-last.json
:json SELECT min(placed_at), max(placed_at) FROM orders;
\o a-quarter-in-order.json
:json SELECT * FROM orders ORDER BY id LIMIT 100000;
\o newest-of-tenant.txt
:text SELECT * FROM events WHERE tenant = 17 ORDER BY at DESC LIMIT 50;
\o third-page.json
:json SELECT * FROM orders WHERE placed_at < '2024-06-01' ORDER BY placed_at DESC OFFSET 40 LIMIT 20;
\o channel-bitmap.json
:json SELECT sum(total) FROM orders WHERE channel = 7;
\o one-filtered-half.json
:json SELECT id, total FROM orders WHERE customer_id BETWEEN 300 AND 330 AND total > 400;
\o two-arms.txt
:text SELECT count(reference) FROM orders WHERE customer_id = 17 OR id BETWEEN 300000 AND 300100;
\o index-only-all-visible.json
:json SELECT count(*) FROM events WHERE tenant BETWEEN 10 AND 60;
\o few-heap-fetches.json
:json SELECT count(id) FROM counters WHERE id BETWEEN 100 AND 800;
\o gin-scan.json
CREATE INDEX products_tags ON products USING gin (tags);
:json SELECT id, title FROM products WHERE tags @> '{t77,u0}';
DROP INDEX products_tags;
\o early-stop.json
:json SELECT * FROM orders WHERE total > 10 LIMIT 20;
\o in-list.json
:verbose SELECT id, total FROM orders WHERE id IN (5, 500, 50000, 100000, 399999);

-- Partitions.
\o one-month.json
:json SELECT avg(value) FROM readings WHERE at >= '2024-03-01' AND at < '2024-04-01';
\o pruned-at-run-time.json
:json SELECT count(*) FROM readings WHERE at >= (SELECT min(begins) + interval '350 days' FROM offers);

-- Sorts, groups and windows in memory.
\o sort-in-memory.json
SET work_mem = '32MB';
:json SELECT id, email FROM customers ORDER BY note;
RESET ALL;
\o top-of-few.json
:json SELECT * FROM visits WHERE customer_id BETWEEN 5 AND 50 ORDER BY page DESC LIMIT 10;
\o running-total.json
SET work_mem = '64MB'; SET random_page_cost = 4;
:json SELECT customer_id, placed_at, sum(total) OVER (PARTITION BY customer_id ORDER BY placed_at) FROM orders WHERE channel < 10;
RESET ALL;
\o distinct-few.txt
:text SELECT count(*) FROM (SELECT DISTINCT customer_id, page FROM visits) v;
\o incremental-sort.json
:json SELECT placed_at, total FROM orders WHERE placed_at < '2024-03-01' ORDER BY placed_at, total;

-- What is used twice, or counts up.
\o cte-twice.json
:json WITH daily AS (SELECT at::date AS day, count(*) AS n FROM visits GROUP BY 1) SELECT a.day, a.n - b.n FROM daily a JOIN daily b ON b.day = a.day - 1;
\o cte-small-spill.json
SET work_mem = '256kB';
:json WITH few AS MATERIALIZED (SELECT id, reference FROM orders WHERE id <= 20000) SELECT (SELECT count(*) FROM orders), (SELECT max(reference) FROM few), (SELECT min(id) FROM few);
RESET ALL;
\o recursive-dates.json
:json WITH RECURSIVE days AS (SELECT date '2024-01-01' AS d UNION ALL SELECT d + 1 FROM days WHERE d < '2024-12-31') SELECT count(*) FROM days;
\o sort-small-near.json
SET work_mem = '64kB';
:json SELECT (SELECT sum(total) FROM orders), (SELECT avg(value) FROM events), ARRAY(SELECT page FROM visits WHERE page < 15 ORDER BY page, at);
RESET ALL;
\o sort-small-spill.json
SET work_mem = '64kB';
:json SELECT (SELECT sum(total) FROM orders), (SELECT avg(value) FROM events), (SELECT sum(qty) FROM items), ARRAY(SELECT page FROM visits WHERE page < 35 ORDER BY page, at);
RESET ALL;

-- Bad estimates that cost nothing, small tables, short work.
\o wrong-but-quick.json
:json SELECT count(*) FROM visits WHERE (page * 7) % 3 = 0;
\o empty-after-all.txt
:text SELECT * FROM orders WHERE status = 'returned' AND placed_at BETWEEN '2024-09-01' AND '2024-09-01 12:00';
\o small-selective.json
:json SELECT * FROM visits WHERE customer_id = 17;
\o cold-but-small.json
CREATE TABLE colours (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO colours SELECT i, 'colour ' || i FROM generate_series(1, 40000) i;
VACUUM ANALYZE colours; CHECKPOINT;
SELECT count(pg_buffercache_evict(bufferid)) AS evicted FROM pg_buffercache WHERE relfilenode = pg_relation_filenode('colours') \gset
:json SELECT count(*) FROM colours WHERE name > 'colour 2';
DROP TABLE colours;
\o planning-half-a-millisecond.json
EXPLAIN (ANALYZE, BUFFERS, MEMORY, SETTINGS, FORMAT JSON) SELECT c.name, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.email = 'Customer77@Example.com';
\o sent-little.json
EXPLAIN (ANALYZE, BUFFERS, SERIALIZE, SETTINGS, FORMAT JSON) SELECT channel, sum(total) FROM orders GROUP BY channel;

-- Statements that write.
\o update-one.json
BEGIN;
:json UPDATE orders SET status = 'done' WHERE id = 77;
ROLLBACK;
\o insert-lines.json
BEGIN;
:json INSERT INTO refunds SELECT 900000 + i, 1 + i, 5 FROM generate_series(1, 2000) i;
ROLLBACK;
VACUUM (FULL, ANALYZE) refunds;
\o delete-old-visits.txt
BEGIN;
:text DELETE FROM visits WHERE at < '2024-01-03';
ROLLBACK;
\o update-all-refunds.json
BEGIN;
:json UPDATE refunds SET amount = amount + 1 WHERE id <= 20000;
ROLLBACK;
VACUUM (FULL, ANALYZE) refunds;
\o delete-with-indexes.json
BEGIN;
CREATE INDEX ON invoice_lines (invoice_id);
CREATE INDEX ON refunds (invoice_id);
:json DELETE FROM invoices WHERE id BETWEEN 25001 AND 25500;
ROLLBACK;
