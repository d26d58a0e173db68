-- What surrounds the joins: subqueries, memory and disk, workers, planning, triggers, sending.

-- A cold table: out of shared buffers by a checkpoint and evictions, out of the operating system's cache by dd.
CREATE EXTENSION IF NOT EXISTS pg_buffercache;
\t on
\o cold-table.json
CHECKPOINT;
SELECT pg_relation_filepath('events') AS path \gset
\setenv COLD :path
SELECT count(pg_buffercache_evict(bufferid)) AS evicted FROM pg_buffercache WHERE relfilenode = pg_relation_filenode('events') \gset
\! sync "$CLUSTER/$COLD" && dd if="$CLUSTER/$COLD" iflag=nocache count=0 status=none
:json SELECT kind, count(*) FROM events WHERE value > 100 GROUP BY kind;
\o cold-articles.txt
CHECKPOINT;
SELECT pg_relation_filepath('articles') AS path \gset
\setenv COLD :path
SELECT count(pg_buffercache_evict(bufferid)) AS evicted FROM pg_buffercache WHERE relfilenode = pg_relation_filenode('articles') \gset
\! sync "$CLUSTER/$COLD" && dd if="$CLUSTER/$COLD" iflag=nocache count=0 status=none
:text SELECT max(length(body)) FROM articles;
\o
SELECT sum(length(body) + length(title)) AS warm FROM articles \gset

-- Blocks without rows.
\o customers-strewn.json
SET enable_bitmapscan = off;
:json SELECT customer_id, sum(total) FROM orders WHERE customer_id BETWEEN 100 AND 1800 GROUP BY customer_id;
RESET ALL;
\o tenants-strewn.json
:json SELECT tenant, at, value FROM events WHERE tenant < 20 ORDER BY tenant, value;
\o author-strewn.txt
SET enable_bitmapscan = off; SET enable_seqscan = off;
:text SELECT max(length(body)) FROM articles WHERE author BETWEEN 3 AND 4;
RESET ALL;
\o sessions-emptied.json
:json SELECT count(*) FROM sessions WHERE seen > '2024-01-01';
\o sessions-emptied.txt
:text SELECT max(length(data)), min(seen) FROM sessions;
\o queue-emptied.json
SET enable_seqscan = off; SET enable_bitmapscan = off;
:json SELECT count(due) FROM queue WHERE due > '2023-01-01';
RESET ALL;
\o after-load.json
CREATE TABLE loaded AS SELECT * FROM orders;
SELECT pg_prewarm('loaded') AS warm \gset
:json SELECT channel, sum(total) FROM loaded GROUP BY channel;
DROP TABLE loaded;

-- Pages far down the list.
\o page-7500.json
:json SELECT * FROM orders ORDER BY id OFFSET 150000 LIMIT 20;
\o page-3000.txt
SET work_mem = '16MB';
:text SELECT id, placed_at, total FROM orders WHERE customer_id = 1 ORDER BY placed_at, id OFFSET 45000 LIMIT 15;
RESET ALL;

-- Subqueries.
\o latest-total.json
:json SELECT c.id, (SELECT max(o.total) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id > 1 AND c.id <= 20000;
\o subplan-in-filter.txt
:text SELECT p.id FROM products p WHERE p.category < 100 AND (SELECT sum(qty) FROM items i WHERE i.product_id = p.id) > 60;
\o not-in.json
SET work_mem = '64kB';
:json SELECT count(*) FROM customers c WHERE id <= 300 AND id NOT IN (SELECT customer_id FROM orders WHERE customer_id > 100);
RESET ALL;
\o not-in.txt
SET work_mem = '64kB'; SET hash_mem_multiplier = 1;
:text SELECT id FROM visits v JOIN offers f ON f.id = v.page WHERE v.customer_id < 400 AND v.customer_id NOT IN (SELECT product_id FROM items WHERE price > 440);
RESET ALL;
\o cte-filtered.json
SET work_mem = '64MB';
:json WITH all_orders AS MATERIALIZED (SELECT * FROM orders) SELECT id, total FROM all_orders WHERE customer_id = 17;
RESET ALL;
\o cte-filtered-twice.txt
:text WITH sums AS (SELECT order_id, sum(qty * price) AS worth, min(line) AS first FROM items GROUP BY order_id) SELECT a.worth, b.worth FROM sums a JOIN sums b ON b.order_id = a.order_id + 1 WHERE a.order_id = 4711 AND b.order_id = 4712;

-- Workers.
\o no-workers.json
:workers
SET max_parallel_workers = 0;
:json SELECT tenant, avg(value) FROM events GROUP BY tenant;
RESET ALL;
\o few-workers.txt
:workers
SET max_parallel_workers_per_gather = 4; ALTER TABLE items SET (parallel_workers = 4); SET max_parallel_workers = 1;
:text SELECT count(*), sum(price) FROM items WHERE qty > 1;
RESET ALL;
ALTER TABLE items RESET (parallel_workers);
\o one-busy-worker.json
:workers
SET max_parallel_workers_per_gather = 4; ALTER TABLE customers SET (parallel_workers = 4); SET parallel_leader_participation = off;
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_memoize = off;
:verbose SELECT count(*), max(o.reference) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id <= 700;
RESET ALL;
ALTER TABLE customers RESET (parallel_workers);

-- Planning.
\o many-partitions.json
CREATE TABLE metrics (at date NOT NULL, name text NOT NULL, value float8) PARTITION BY RANGE (at);
DO $$ BEGIN FOR d IN 0..399 LOOP EXECUTE format('CREATE TABLE metrics_%s PARTITION OF metrics FOR VALUES FROM (%L) TO (%L)', d, date '2024-01-01' + d, date '2024-01-01' + d + 1); END LOOP; END $$;
CREATE INDEX ON metrics (name);
EXPLAIN (ANALYZE, BUFFERS, MEMORY, SETTINGS, FORMAT JSON) SELECT sum(value) FROM metrics WHERE at >= current_date - 100000 AND at < '2024-01-04' AND name = 'load';
DROP TABLE metrics;
\o many-joins.txt
SET join_collapse_limit = 14; SET from_collapse_limit = 14; SET geqo = off;
:text SELECT 1 FROM customers a JOIN orders b ON b.customer_id = a.id JOIN items c ON c.order_id = b.id JOIN products d ON d.id = c.product_id JOIN customers e ON e.id = b.channel JOIN orders f ON f.id = e.id JOIN items g ON g.order_id = f.id JOIN products h ON h.id = g.product_id JOIN customers k ON k.id = h.id WHERE a.id = 77;
RESET ALL;

-- The partition key inside an expression.
\o month-of-readings.json
:json SELECT avg(value) FROM readings WHERE date_trunc('month', at) = '2024-03-01';
\o day-of-readings.txt
:text SELECT sensor, max(value) FROM readings WHERE (at + interval '1 hour')::date = '2024-05-05' GROUP BY sensor;

-- Foreign keys without an index at the referencing side.
\o delete-cascade.json
BEGIN;
:json DELETE FROM invoices WHERE id BETWEEN 16001 AND 16030;
ROLLBACK;
\o delete-restrict.txt
BEGIN;
DELETE FROM invoice_lines WHERE invoice_id > 19000; CREATE INDEX ON invoice_lines (invoice_id);
:text DELETE FROM invoices WHERE id > 29950;
ROLLBACK;

VACUUM (FULL, ANALYZE) invoices, invoice_lines;

-- A setting forbids the better node and nothing else was possible.
\o seq-scan-forbidden.json
SET enable_seqscan = off;
:json SELECT page, count(*) FROM visits GROUP BY page ORDER BY page;
RESET ALL;
\o nestloop-forbidden.txt
SET enable_nestloop = off;
:text SELECT count(*) FROM visits v CROSS JOIN (VALUES (1), (2), (3)) x (n);
RESET ALL;

-- Sent to the client.
\o documents-sent.json
EXPLAIN (ANALYZE, BUFFERS, SERIALIZE, SETTINGS, FORMAT JSON) SELECT * FROM documents;
\o orders-sent.txt
EXPLAIN (ANALYZE, BUFFERS, SERIALIZE TEXT, SETTINGS) SELECT * FROM orders;

-- As auto_explain writes it to the log.
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on; SET auto_explain.log_buffers = on; SET auto_explain.log_verbose = on; SET auto_explain.log_settings = on;
\! wc -c <"$LOG" >"$WORK/mark"
SELECT count(*) AS n FROM orders WHERE reference LIKE '%7919' \gset
\! tail -c +"$(($(cat "$WORK/mark") + 1))" "$LOG" >log-like.txt
SET auto_explain.log_format = json;
\! wc -c <"$LOG" >"$WORK/mark"
SELECT max(rank) AS n FROM (SELECT rank() OVER (ORDER BY price, order_id) FROM items) i \gset
\! tail -c +"$(($(cat "$WORK/mark") + 1))" "$LOG" >log-sort.txt
SET auto_explain.log_format = text; SET auto_explain.log_verbose = off;
\! wc -c <"$LOG" >"$WORK/mark"
SELECT sum(total) AS n FROM orders \gset
\! tail -c +"$(($(cat "$WORK/mark") + 1))" "$LOG" >log-healthy.txt
