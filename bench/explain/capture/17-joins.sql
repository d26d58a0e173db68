-- Joins, estimates, sorts and groups.

-- The inner side is read again and again.
\o inner-seq-scan.json
:json SELECT c.id, v.at FROM customers c CROSS JOIN LATERAL (SELECT at FROM visits WHERE visits.customer_id = c.id ORDER BY at DESC LIMIT 1) v WHERE c.id <= 600;
\o inner-materialized.json
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_memoize = off;
:json SELECT count(*) FROM imports m JOIN offers f ON f.percent = m.product_id WHERE m.id <= 8000;
RESET ALL;
\o inner-seq-scan.txt
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET join_collapse_limit = 1; SET enable_memoize = off;
:text SELECT count(*) FROM customers c JOIN visits v ON v.page = c.region + 50 WHERE c.id <= 300;
RESET ALL;

-- An index looked up far too often.
\o lookups-hash-off.json
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_memoize = off;
:json SELECT sum(i.qty) FROM orders o JOIN items i ON i.order_id = o.id WHERE o.id <= 150000;
RESET ALL;
\o lookups-lateral.txt
:text SELECT o.id, d.price FROM orders o CROSS JOIN LATERAL (SELECT price FROM items i WHERE i.order_id = o.id ORDER BY price DESC LIMIT 1) d WHERE o.placed_at < '2024-04-15';

-- Pairs compared in vain.
\o offers-by-time.json
:json SELECT count(*) FROM visits v JOIN offers f ON v.at >= f.begins AND v.at < f.ends;
\o price-pairs.json
:json SELECT count(*) FROM items a JOIN items b ON b.product_id = a.product_id AND a.price > b.price * 40 WHERE a.product_id <= 800 AND b.product_id <= 800;
\o price-pairs-hash.json
SET enable_mergejoin = off;
:json SELECT count(*) FROM items a JOIN items b ON b.product_id = a.product_id AND a.price > b.price * 40 WHERE a.product_id <= 800 AND b.product_id <= 800;
RESET ALL;
\o lower-join.txt
SET enable_hashjoin = off; SET enable_mergejoin = off;
:text SELECT count(*) FROM offers f JOIN visits v ON v.page % 60 = f.percent AND abs(v.customer_id - f.id) < 2;
RESET ALL;
\o forgotten-condition.json
:json SELECT count(*), sum(f.percent) FROM visits v, offers f WHERE v.page > 10;
\o forgotten-third.txt
:textbare SELECT max(o.percent * v.page) FROM offers o, visits v JOIN customers c ON c.id = v.customer_id WHERE c.region < 5;

-- Estimates. Returned orders are all early ones; the wholesaler's orders are an eighth; country, city and zip say the same.
\o returned-early.json
:json SELECT sum(i.price) FROM orders o JOIN items i ON i.order_id = o.id WHERE o.status = 'returned' AND o.placed_at < '2024-02-11';
\o wholesale.json
:json SELECT sum(i.price) FROM customers c JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id WHERE c.email = 'Customer1@Example.com';
\o wholesale-bare.txt
:textbare SELECT o.reference, i.price FROM customers c JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id WHERE c.name = 'customer 1';
\o land-city-zip.json
:json SELECT o.id, i.product_id FROM orders o JOIN items i ON i.order_id = o.id WHERE o.country = 'land 7' AND o.city = 'city 7' AND o.zip = 'zip 7';
\o land-city.txt
SET random_page_cost = 1;
:text SELECT count(*), max(p.title) FROM orders o JOIN items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id WHERE o.city = 'city 3' AND o.zip = 'zip 3' AND o.channel = 13;
RESET ALL;
\o surcharge.json
:json SELECT sum(i.qty) FROM orders o JOIN items i ON i.order_id = o.id WHERE (o.total * 1.19)::int % 5 = 0;
\o picked-function.json
:json SELECT o.reference FROM picked(90000) p JOIN orders o ON o.id = p;
\o busy-customers.json
:json SELECT o.id, o.total FROM orders o JOIN (SELECT customer_id FROM visits GROUP BY customer_id HAVING sum(page) > 146) b ON b.customer_id = o.customer_id;
\o heavy-customers.json
:json SELECT i.* FROM (SELECT customer_id FROM orders GROUP BY customer_id HAVING sum(total) > 20000000) b JOIN items i ON i.product_id = b.customer_id;
\o hot-products.json
:json SELECT i.order_id, i.price FROM hot_products() h JOIN items i ON i.product_id = h;
\o hot-products.txt
:text SELECT h, count(*) FROM hot_products() h JOIN events e ON e.device = h GROUP BY h;
\o new-batch.json
:json SELECT count(*), max(p.title) FROM imports m JOIN products p ON p.id = m.product_id WHERE m.batch = 11;
\o outbox-worked-off.json
:json SELECT o.reference FROM outbox b JOIN orders o ON o.id = b.order_id WHERE b.state = 'pending';

-- Hashes.
\o hash-two-batches.json
SET work_mem = '1MB';
:json SELECT count(*), max(c.note || o.reference) FROM orders o JOIN customers c ON c.id = o.customer_id;
RESET ALL;
\o hash-parallel-batches.txt
:workers
SET work_mem = '512kB'; SET enable_mergejoin = off;
:text SELECT count(*), max(p.title) FROM items i JOIN products p ON p.id = i.product_id;
RESET ALL;
\o hash-grew.json
SET work_mem = '1MB'; SET enable_nestloop = off;
:json SELECT sum(i.qty) FROM items i JOIN (SELECT id, reference, city FROM orders WHERE (id % 10) + (channel % 2) < 5 AND substr(reference, 2, 1) <> '9') o ON o.id = i.order_id;
RESET ALL;
\o hash-grew-returned.json
SET work_mem = '512kB'; SET enable_nestloop = off; SET enable_mergejoin = off;
:json SELECT sum(i.qty), max(o.reference) FROM orders o JOIN items i ON i.order_id = o.id WHERE o.status = 'returned' AND o.placed_at < '2024-02-11';
RESET ALL;
\o hash-big-side.json
SET work_mem = '16MB'; SET enable_mergejoin = off; SET enable_nestloop = off;
:json SELECT count(*) FROM refunds r WHERE r.id <= 10000 AND EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = r.invoice_id AND o.total <> r.amount AND o.status = 'returned' AND o.placed_at < '2024-02-11');
RESET ALL;
\o sort-to-merge.json
SET work_mem = '64MB';
:json SELECT s.id, k.id FROM scans s JOIN known k ON k.print = s.print;
RESET ALL;
\o sort-to-merge.txt
SET work_mem = '128MB'; SET enable_hashjoin = off;
:text SELECT count(*) FROM orders o JOIN products p ON p.title = o.reference;
RESET ALL;
\o memoize-in-vain.json
ALTER TABLE events ALTER device SET (n_distinct = 40); ANALYZE events (device);
SET work_mem = '64kB'; SET enable_hashjoin = off; SET enable_mergejoin = off;
:json SELECT sum(length(p.title)) FROM events e JOIN products p ON p.id = e.device + 1 WHERE e.id <= 60000;
RESET ALL;
ALTER TABLE events ALTER device RESET (n_distinct); ANALYZE events (device);
\o memoize-small.txt
ALTER TABLE orders ALTER customer_id SET (n_distinct = 2000); ANALYZE orders (customer_id);
SET work_mem = '64kB'; SET enable_hashjoin = off; SET enable_mergejoin = off;
:text SELECT count(*), max(c.name) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id BETWEEN 100000 AND 160000 AND o.customer_id > 1;
RESET ALL;
ALTER TABLE orders ALTER customer_id RESET (n_distinct); ANALYZE orders (customer_id);

-- Sorts and groups.
\o sort-disk.json
:json SELECT id, reference FROM orders ORDER BY reference;
\o sort-disk-parallel.txt
:workers
SET work_mem = '1MB';
:text SELECT order_id, price FROM items ORDER BY price, order_id;
RESET ALL;
\o sort-disk-bare.json
:bare SELECT device, percentile_cont(0.5) WITHIN GROUP (ORDER BY value) FROM events GROUP BY device;
\o sort-near.json
:json SELECT id, print FROM scans ORDER BY print;
\o groups-disk.json
SET work_mem = '1MB'; SET hash_mem_multiplier = 1; SET enable_sort = off;
:json SELECT reference, count(*) FROM orders GROUP BY reference;
RESET ALL;
\o groups-disk-parallel.txt
:workers
SET work_mem = '1MB'; SET enable_sort = off;
:text SELECT reference, sum(total), max(channel) FROM orders GROUP BY reference;
RESET ALL;
\o cte-spilled.json
:json WITH big AS MATERIALIZED (SELECT id, reference, total FROM orders) SELECT (SELECT sum(total) FROM big), (SELECT max(reference) FROM big);
\o window-spilled.json
:json SELECT id, sum(total) OVER () AS whole, reference, country FROM orders;
\o distinct-fanout.json
SET work_mem = '64MB';
:json SELECT DISTINCT c.id, c.name FROM customers c JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id;
RESET ALL;
\o distinct-fanout.txt
SET work_mem = '64MB';
:text SELECT DISTINCT p.category FROM products p JOIN items i ON i.product_id = p.id;
RESET ALL;
\o newest-per-device.json
SET work_mem = '128MB';
:json SELECT * FROM (SELECT device, at, value, row_number() OVER (PARTITION BY device ORDER BY at DESC) AS place FROM events) e WHERE place = 1;
RESET ALL;
\o newest-per-tenant.txt
:text SELECT tenant, at, value FROM (SELECT e.*, rank() OVER (PARTITION BY tenant ORDER BY at DESC) AS place FROM events e) e WHERE place <= 1;
