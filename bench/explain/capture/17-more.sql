-- More shapes of the same problems, and more that tempts; written after the others, when the detectors were there.

\o json-key.json
:json SELECT id, title FROM products WHERE attrs ->> 'colour' = '77';
\o arithmetic.txt
:text SELECT id FROM orders WHERE total * 100 = 5000;
\o coalesce-parallel.json
:workers
:json SELECT count(*) FROM events WHERE coalesce(value, 0) = 976;
RESET ALL;
\o filter-in-cte.json
:json WITH failed AS (SELECT id, customer_id FROM orders WHERE status = 'failed' AND total > 0) SELECT c.name, f.id FROM failed f JOIN customers c ON c.id = f.customer_id;
\o filter-grouped.txt
:workers
:text SELECT c.region, count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.total BETWEEN 500 AND 500.5 GROUP BY c.region;
RESET ALL;
\o filter-exists.json
:json SELECT id, name FROM customers c WHERE region = 7 AND EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.reference LIKE 'R777%');
\o ilike-start.json
:verbose SELECT id FROM customers WHERE name ILIKE 'customer 4711%';
\o trigram-similar.json
:json SELECT id FROM products WHERE title % 'product abcdef0123';
\o discard-index-only.json
SET enable_bitmapscan = off; SET enable_seqscan = off;
:json SELECT count(*) FROM events WHERE tenant BETWEEN 10 AND 90 AND extract(hour FROM at) = 25;
RESET ALL;
\o second-key-bitmap.json
SET enable_indexonlyscan = off; SET enable_seqscan = off; SET enable_indexscan = off;
:json SELECT sum(value) FROM events WHERE at >= '2024-02-01' AND at < '2024-02-01 06:00';
RESET ALL;
\o largest-of-kind.json
:json SELECT * FROM events WHERE kind = 'kind 1' ORDER BY value DESC, id LIMIT 10;
\o joined-by-or.json
:json SELECT count(*) FROM visits v JOIN offers f ON f.id = v.page OR f.percent = v.customer_id;
\o anti-by-range.txt
:text SELECT count(*) FROM visits v WHERE NOT EXISTS (SELECT 1 FROM offers f WHERE f.begins > v.at AND f.percent = v.page + 100);
\o on-true.json
:json SELECT count(*) FROM visits v LEFT JOIN offers f ON true WHERE v.page < 20;
\o unnest-hundred.json
:json SELECT count(*), max(o.reference) FROM unnest(ARRAY(SELECT g * 3 FROM generate_series(1, 100000) g)) u (id) JOIN orders o ON o.id = u.id;
\o window-sort-disk.txt
:text SELECT id, row_number() OVER (ORDER BY total, id) FROM orders;
\o distinct-sort-disk.json
SET enable_hashagg = off;
:json SELECT DISTINCT reference, city FROM orders;
RESET ALL;
\o memoize-large.json
SET enable_hashjoin = off;
:json SELECT count(*) FROM orders o JOIN scans s ON s.id = o.channel * 1000 + o.customer_id;
RESET ALL;
\o series-spilled.json
:json SELECT count(*) FROM generate_series(1, 1500000) g WHERE g % 7 = 0;
\o subplan-in-update.json
BEGIN;
:json UPDATE visits v SET page = page + 1 WHERE at < '2024-01-04' AND (SELECT count(*) FROM orders o WHERE o.customer_id = v.customer_id) > 3;
ROLLBACK;
VACUUM (FULL, ANALYZE) visits;
\o exists-in-or.txt
:text SELECT count(*) FROM products p WHERE p.category = 3 OR EXISTS (SELECT 1 FROM items i WHERE i.product_id = p.id AND i.qty > 5);
\o page-of-join.json
:json SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.placed_at OFFSET 60000 LIMIT 10;
\o grouped-fanout.json
SET work_mem = '64MB';
:json SELECT c.id FROM customers c JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id WHERE i.qty > 1 GROUP BY c.id;
RESET ALL;
\o two-gathers.txt
:workers
SET max_parallel_workers = 0;
:text SELECT (SELECT sum(total) FROM orders), (SELECT avg(value) FROM events);
RESET ALL;
\o year-of-readings.json
:json SELECT count(*) FROM readings WHERE extract(month FROM at) = 3 AND value > 50;
\o cold-lookups.json
CHECKPOINT;
SELECT pg_relation_filepath('articles') AS path \gset
\setenv COLD :path
SELECT count(pg_buffercache_evict(bufferid)) AS evicted FROM pg_buffercache WHERE relfilenode = pg_relation_filenode('articles') \gset
\! sync "$CLUSTER/$COLD" && dd if="$CLUSTER/$COLD" iflag=nocache count=0 status=none
:json SELECT sum(length(a.body)) FROM visits v JOIN articles a ON a.id = v.customer_id * 37 WHERE v.page < 40;
SELECT sum(length(body) + length(title)) AS warm FROM articles \gset
\o sort-and-hash-disk.json
SET work_mem = '1MB';
:json SELECT o.id, c.note FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.reference;
RESET ALL;
\o filter-and-sort-disk.json
:json SELECT a.id, a.reference, (SELECT count(*) FROM items WHERE price = 123.45) FROM orders a ORDER BY a.reference;

-- Healthy.
\o brin-range.json
CREATE INDEX items_brin ON items USING brin (order_id) WITH (pages_per_range = 32);
SET enable_indexscan = off; SET enable_indexonlyscan = off;
BEGIN;
ALTER TABLE items DROP CONSTRAINT items_pkey;
:json SELECT sum(price) FROM items WHERE order_id BETWEEN 100000 AND 160000;
ROLLBACK;
RESET ALL;
DROP INDEX items_brin;
\o top-products.json
SET work_mem = '16MB';
:json SELECT product_id, sum(qty) AS sold FROM items GROUP BY product_id ORDER BY sold DESC LIMIT 10;
RESET ALL;
\o top-of-join.txt
:text SELECT c.region, sum(o.total) AS worth FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.placed_at >= '2024-09-01' GROUP BY c.region ORDER BY worth DESC LIMIT 5;
\o distinct-on-index.json
:json SELECT DISTINCT ON (tenant) tenant, at FROM events WHERE tenant < 10 ORDER BY tenant, at DESC;
\o window-by-index.json
:json SELECT id, placed_at - lag(placed_at) OVER (ORDER BY placed_at) FROM orders WHERE placed_at > '2024-09-20';
\o semi-by-hash.json
SET work_mem = '16MB';
:json SELECT count(*) FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.total > 500);
\o count-distinct.txt
:text SELECT count(DISTINCT customer_id) FROM orders;
\o update-by-join.json
BEGIN;
:json UPDATE visits v SET page = o.percent FROM offers o WHERE o.id = v.page;
ROLLBACK;
VACUUM (FULL, ANALYZE) visits;
RESET ALL;
\o insert-select.json
BEGIN;
CREATE TABLE copy (LIKE visits);
:json INSERT INTO copy SELECT * FROM visits;
ROLLBACK;
\o without-timing.json
EXPLAIN (ANALYZE, TIMING OFF, BUFFERS, FORMAT JSON) SELECT channel, avg(total) FROM orders GROUP BY channel;
\o without-costs.txt
EXPLAIN (ANALYZE, COSTS OFF) SELECT count(*) FROM events WHERE value < 900;
\o parallel-append.json
:workers
:json SELECT sensor % 10, avg(value) FROM readings GROUP BY 1;
RESET ALL;
\o newest-of-all-partitions.json
:json SELECT * FROM readings ORDER BY at DESC LIMIT 30;
\o constant.json
:json SELECT 1;
\o semi-lookups.json
:json SELECT count(*) FROM visits v WHERE v.page < 2 AND EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = v.customer_id AND o.total > 900);
\o half-hits.json
SET enable_hashjoin = off; SET enable_mergejoin = off;
:json SELECT count(*), max(c.name) FROM visits v JOIN customers c ON c.id = v.customer_id;
RESET ALL;
\o by-key-range.json
:json SELECT max(reference), count(*) FROM orders WHERE id BETWEEN 100000 AND 200000;
\o union-distinct.json
:json SELECT customer_id FROM visits UNION SELECT page FROM visits;
\o big-in-list.json
:json SELECT count(*) FROM orders WHERE channel IN (1, 2, 3, 5, 8, 13) AND total > 100;
