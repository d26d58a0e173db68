-- What the captured statements are prefixed with. They run as superuser on a warm cache, unless a file says otherwise.
\set json 'EXPLAIN (ANALYZE, BUFFERS, SETTINGS, FORMAT JSON)'
\set verbose 'EXPLAIN (ANALYZE, VERBOSE, BUFFERS, SETTINGS, FORMAT JSON)'
\set bare 'EXPLAIN (ANALYZE, FORMAT JSON)'
\set text 'EXPLAIN (ANALYZE, BUFFERS, SETTINGS)'
\set textbare 'EXPLAIN ANALYZE'
-- Workers even for small tables.
\set workers 'SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 10; SET parallel_tuple_cost = 0.001; SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0;'
-- All of the shop in shared buffers.
CREATE EXTENSION IF NOT EXISTS pg_prewarm;
SELECT sum(pg_prewarm(oid)) AS warm FROM pg_class WHERE relkind IN ('r', 'i', 't', 'm') AND relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace, 'pg_catalog'::regnamespace) \gset
