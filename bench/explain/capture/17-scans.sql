-- How tables and indexes are read.
-- A filter on a column without an index.
\o filter-plain.json
:json SELECT * FROM orders WHERE reference = 'R7919';
\o filter-parallel.json
:workers
:json SELECT id, total FROM orders WHERE reference IN ('R7919', 'R15838', 'R17');
RESET ALL;
\o filter-below-joins.json
:verbose SELECT o.id, i.product_id, c.name FROM orders o JOIN items i ON i.order_id = o.id JOIN customers c ON c.id = o.customer_id WHERE o.total = 999.99;
\o filter-partitions.json
:json SELECT at, value FROM readings WHERE sensor = 17;
\o filter-initplan.json
:json SELECT id, name FROM customers WHERE id = (SELECT max(customer_id) FROM orders WHERE reference = 'R15838');
\o filter-bare.json
:bare SELECT count(*) FROM invoice_lines WHERE amount = 12 AND invoice_id = 77;
\o filter-plain.txt
:text SELECT * FROM products WHERE category = 17 AND title > 'product e';

-- The column is inside an expression.
\o lower-email.json
:json SELECT * FROM customers WHERE lower(email) = 'customer777@example.com';
\o extract-month.txt
:workers
:text SELECT id, total FROM orders WHERE extract(month FROM placed_at) = 2 AND total > 990;
RESET ALL;
\o date-trunc.json
:json SELECT sum(total) FROM orders WHERE date_trunc('day', placed_at) = '2024-02-02';
\o date-trunc-count.json
:json SELECT count(*) FROM orders WHERE date_trunc('day', placed_at) = '2024-02-02';
\o year-of-cast.json
:json SELECT id FROM orders WHERE placed_at::date = '2024-02-02';

-- The column is cast to the literal's type.
\o cast-numeric.json
:json SELECT * FROM orders WHERE id = 7919.0;
\o cast-text.txt
:text SELECT * FROM orders WHERE customer_id::text = '4711';
\o cast-generic.json
PREPARE by_reference(numeric) AS SELECT i.* FROM items i WHERE i.product_id = $1;
SET plan_cache_mode = force_generic_plan;
:json EXECUTE by_reference(77);
RESET ALL;

-- Patterns that no B-tree answers.
\o like-middle.json
:json SELECT id, email FROM customers WHERE email LIKE '%777@%';
\o ilike.txt
:text SELECT id, title FROM products WHERE title ILIKE '%abcde%';
\o regex.json
:json SELECT id FROM products WHERE title ~ 'f00[0-9]';

-- Operators that want GIN or GiST.
\o json-contains.json
:json SELECT id FROM products WHERE attrs @> '{"colour": 77}';
\o tags-overlap.txt
:textbare SELECT id FROM products WHERE tags && ARRAY['t77', 't78'];
\o words-match.json
:json SELECT id, title FROM products WHERE words @@ to_tsquery('simple', 'word77 & thing3');
\o range-overlap.json
:json SELECT * FROM bookings WHERE during && tsrange('2024-03-01 10:00', '2024-03-01 11:00');

-- The index finds far more than the filter keeps.
\o index-then-filter.json
:json SELECT id, total FROM orders WHERE customer_id = 1 AND status = 'failed';
\o index-then-filter-range.json
SET enable_bitmapscan = off;
:json SELECT id FROM orders WHERE placed_at BETWEEN '2024-03-01' AND '2024-05-01' AND reference LIKE 'R77%';
RESET ALL;
\o index-then-filter-inner.json
:verbose SELECT c.id, o.reference FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.total > 990 WHERE c.id BETWEEN 20000 AND 20600;
\o index-then-filter-bitmap.txt
:workers
:text SELECT avg(value) FROM events WHERE kind = 'kind 3' AND device IN (33, 333);
RESET ALL;

-- The first key of the index is not in the condition.
\o second-key-only.json
:json SELECT count(*) FROM events WHERE at >= '2024-02-01' AND at < '2024-02-03';
\o second-key-lines.json
:json SELECT count(*) FROM items WHERE line = 7;

-- ORDER BY … LIMIT walks an index and throws away what it meets.
\o oldest-unprocessed.json
:json SELECT id, kind FROM events WHERE NOT processed ORDER BY id LIMIT 1;
\o newest-returned.json
SET enable_bitmapscan = off;
:json SELECT * FROM orders WHERE status = 'returned' ORDER BY placed_at DESC LIMIT 10;
RESET ALL;
\o newest-of-partitions.txt
:text SELECT * FROM readings WHERE value = 7 AND sensor = 9 ORDER BY at DESC LIMIT 5;
\o best-sellers.json
:json SELECT id, total FROM orders ORDER BY total DESC LIMIT 20;
\o wholesaler-largest.json
:json SELECT id, placed_at, total FROM orders WHERE customer_id = 1 ORDER BY total DESC, id LIMIT 10;
\o top-parallel.txt
:workers
:text SELECT id, tenant, value FROM events ORDER BY value DESC, at LIMIT 50;
RESET ALL;

-- Bitmaps.
\o bitmap-lossy.json
SET work_mem = '64kB'; SET enable_indexscan = off; SET enable_seqscan = off;
:json SELECT sum(value) FROM events WHERE kind = 'kind 2';
RESET ALL;
\o bitmap-lossy.txt
SET work_mem = '64kB'; SET enable_indexscan = off; SET enable_seqscan = off;
:text SELECT count(*), max(total) FROM orders WHERE customer_id = 1;
RESET ALL;
\o trigram-recheck.json
:json SELECT id FROM articles WHERE title LIKE '%abcbcd%';
\o json-recheck.json
:json SELECT id FROM articles WHERE meta @> '{"a": {"k": 1, "v": 2}, "b": {"k": 0, "v": 1}}';
RESET ALL;
\o bitmap-and.json
CREATE INDEX orders_total ON orders (total);
SET enable_indexscan = off;
:json SELECT id FROM orders WHERE channel = 7 AND total BETWEEN 100 AND 150;
RESET ALL;
\o bitmap-and-range.txt
SET enable_indexscan = off;
:text SELECT count(reference) FROM orders WHERE channel = 5 AND placed_at BETWEEN '2024-03-01' AND '2024-03-15';
RESET ALL;
\o bitmap-or.json
:json SELECT id, reference FROM orders WHERE channel = 3 OR total < 5 OR city = 'city 9';
DROP INDEX orders_total;
\o bitmap-or-arms.txt
:text SELECT count(reference) FROM orders WHERE channel = 3 OR channel = 7 OR channel = 11 OR channel = 12;

-- Index-only in name.
\o counters-heap.json
:json SELECT count(id) FROM counters WHERE id BETWEEN 1 AND 90000;
\o counters-heap-kind.txt
SET enable_bitmapscan = off; SET enable_seqscan = off;
:text SELECT kind, count(*) FROM counters GROUP BY kind;
RESET ALL;
\o lookup-one-column.json
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_memoize = off;
:verbose SELECT c.id, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.region = 7;
RESET ALL;

-- Last, for it leaves pages that are not all-visible.
\o filter-update.json
BEGIN;
:json UPDATE events SET value = 0 WHERE device = 77 AND at < '2024-03-01';
ROLLBACK;
VACUUM events;
