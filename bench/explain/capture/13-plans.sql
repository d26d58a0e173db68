-- The shapes of 13: the oldest hashed aggregate that spills, and the first incremental sort.
\o groups-disk-13.json
SET work_mem = '1MB'; SET enable_sort = off;
:json SELECT reference, count(*) FROM orders GROUP BY reference;
RESET ALL;
\o index-then-filter-13.json
:json SELECT id, total FROM orders WHERE customer_id = 1 AND status = 'failed';
\o lower-email-13.txt
\pset format aligned
\pset tuples_only off
:text SELECT * FROM customers WHERE lower(email) = 'customer777@example.com';
\pset format unaligned
\pset tuples_only on
\o offset-13.txt
:textbare SELECT * FROM orders ORDER BY id OFFSET 150000 LIMIT 20;
\o sort-disk-13.json
:json SELECT tenant, at, value FROM events WHERE tenant < 20 ORDER BY tenant, value;

-- Healthy.
\o incremental-13.json
:json SELECT placed_at, total FROM orders WHERE placed_at < '2024-03-01' ORDER BY placed_at, total;
\o one-month-13.txt
:text SELECT avg(value) FROM readings WHERE at >= '2024-03-01' AND at < '2024-04-01';
