-- Just-in-time compilation, by a build that has it.
\o jit-short-query.json
SET jit = on; SET jit_above_cost = 1000; SET jit_inline_above_cost = 2000; SET jit_optimize_above_cost = 2000;
:json SELECT channel, city, sum(total), avg(total), count(*) FILTER (WHERE status = 'failed') FROM orders WHERE customer_id < 4000 AND total > 5 GROUP BY channel, city;
\o jit-partitions.txt
:text SELECT sensor, avg(value), max(value) FROM readings WHERE value BETWEEN 3 AND 90 GROUP BY sensor;
RESET ALL;
\o filter-15.json
:json SELECT count(*), sum(total) FROM orders WHERE zip = 'zip 3' AND reference < 'R2' AND total = 500.5;

-- Healthy: compiled, and worth it.
\o jit-worth-it.json
SET jit = on; SET jit_above_cost = 10000;
:json SELECT count(*), sum(a.qty * b.qty), avg(a.price - b.price), max(a.price + b.price) FROM items a JOIN items b ON b.order_id = a.order_id JOIN items c ON c.order_id = b.order_id;
RESET ALL;
