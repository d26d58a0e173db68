-- The 22 questions of TPC-H with one set of literals (15 as a CTE), then shapes that they lack.

-- name: q01 pricing summary
SELECT l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice), sum(l_extendedprice * (1 - l_discount)), sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)),
       avg(l_quantity), avg(l_extendedprice), avg(l_discount), count(*)
FROM lineitem WHERE l_shipdate <= date '1998-12-01' - interval '90 days' GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus;
-- name: q02 minimum cost supplier
SELECT s_acctbal, s_name, n_name, p_partkey, p_mfgr, s_address, s_phone, s_comment
FROM part, supplier, partsupp, nation, region
WHERE p_partkey = ps_partkey AND s_suppkey = ps_suppkey AND p_size = 15 AND p_type LIKE '%BRASS' AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND r_name = 'EUROPE'
  AND ps_supplycost = (SELECT min(ps_supplycost) FROM partsupp, supplier, nation, region
                       WHERE p_partkey = ps_partkey AND s_suppkey = ps_suppkey AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND r_name = 'EUROPE')
ORDER BY s_acctbal DESC, n_name, s_name, p_partkey LIMIT 100;
-- name: q03 shipping priority
SELECT l_orderkey, sum(l_extendedprice * (1 - l_discount)) AS revenue, o_orderdate, o_shippriority
FROM customer, orders, lineitem
WHERE c_mktsegment = 'BUILDING' AND c_custkey = o_custkey AND l_orderkey = o_orderkey AND o_orderdate < date '1995-03-15' AND l_shipdate > date '1995-03-15'
GROUP BY l_orderkey, o_orderdate, o_shippriority ORDER BY revenue DESC, o_orderdate LIMIT 10;
-- name: q04 order priority checking
SELECT o_orderpriority, count(*) FROM orders
WHERE o_orderdate >= date '1993-07-01' AND o_orderdate < date '1993-10-01' AND EXISTS (SELECT FROM lineitem WHERE l_orderkey = o_orderkey AND l_commitdate < l_receiptdate)
GROUP BY o_orderpriority ORDER BY o_orderpriority;
-- name: q05 local supplier volume
SELECT n_name, sum(l_extendedprice * (1 - l_discount)) AS revenue
FROM customer, orders, lineitem, supplier, nation, region
WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey AND l_suppkey = s_suppkey AND c_nationkey = s_nationkey AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey
  AND r_name = 'ASIA' AND o_orderdate >= date '1994-01-01' AND o_orderdate < date '1995-01-01'
GROUP BY n_name ORDER BY revenue DESC;
-- name: q06 forecasting revenue change
SELECT sum(l_extendedprice * l_discount) FROM lineitem
WHERE l_shipdate >= date '1994-01-01' AND l_shipdate < date '1995-01-01' AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24;
-- name: q07 volume shipping
SELECT supp_nation, cust_nation, l_year, sum(volume)
FROM (SELECT n1.n_name AS supp_nation, n2.n_name AS cust_nation, extract(year FROM l_shipdate) AS l_year, l_extendedprice * (1 - l_discount) AS volume
      FROM supplier, lineitem, orders, customer, nation AS n1, nation AS n2
      WHERE s_suppkey = l_suppkey AND o_orderkey = l_orderkey AND c_custkey = o_custkey AND s_nationkey = n1.n_nationkey AND c_nationkey = n2.n_nationkey
        AND (n1.n_name = 'FRANCE' AND n2.n_name = 'GERMANY' OR n1.n_name = 'GERMANY' AND n2.n_name = 'FRANCE') AND l_shipdate BETWEEN date '1995-01-01' AND date '1996-12-31') AS shipping
GROUP BY supp_nation, cust_nation, l_year ORDER BY supp_nation, cust_nation, l_year;
-- name: q08 national market share
SELECT o_year, sum(CASE WHEN nation = 'BRAZIL' THEN volume ELSE 0 END) / sum(volume)
FROM (SELECT extract(year FROM o_orderdate) AS o_year, l_extendedprice * (1 - l_discount) AS volume, n2.n_name AS nation
      FROM part, supplier, lineitem, orders, customer, nation AS n1, nation AS n2, region
      WHERE p_partkey = l_partkey AND s_suppkey = l_suppkey AND l_orderkey = o_orderkey AND o_custkey = c_custkey AND c_nationkey = n1.n_nationkey AND n1.n_regionkey = r_regionkey
        AND r_name = 'AMERICA' AND s_nationkey = n2.n_nationkey AND o_orderdate BETWEEN date '1995-01-01' AND date '1996-12-31' AND p_type = 'ECONOMY ANODIZED STEEL') AS all_nations
GROUP BY o_year ORDER BY o_year;
-- name: q09 product type profit
SELECT nation, o_year, sum(amount)
FROM (SELECT n_name AS nation, extract(year FROM o_orderdate) AS o_year, l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity AS amount
      FROM part, supplier, lineitem, partsupp, orders, nation
      WHERE s_suppkey = l_suppkey AND ps_suppkey = l_suppkey AND ps_partkey = l_partkey AND p_partkey = l_partkey AND o_orderkey = l_orderkey AND s_nationkey = n_nationkey
        AND p_name LIKE '%green%') AS profit
GROUP BY nation, o_year ORDER BY nation, o_year DESC;
-- name: q10 returned item reporting
SELECT c_custkey, c_name, sum(l_extendedprice * (1 - l_discount)) AS revenue, c_acctbal, n_name, c_address, c_phone, c_comment
FROM customer, orders, lineitem, nation
WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey AND o_orderdate >= date '1993-10-01' AND o_orderdate < date '1994-01-01' AND l_returnflag = 'R' AND c_nationkey = n_nationkey
GROUP BY c_custkey, c_name, c_acctbal, c_phone, n_name, c_address, c_comment ORDER BY revenue DESC LIMIT 20;
-- name: q11 important stock
SELECT ps_partkey, sum(ps_supplycost * ps_availqty) AS value FROM partsupp, supplier, nation
WHERE ps_suppkey = s_suppkey AND s_nationkey = n_nationkey AND n_name = 'GERMANY'
GROUP BY ps_partkey
HAVING sum(ps_supplycost * ps_availqty) > (SELECT sum(ps_supplycost * ps_availqty) * 0.001 FROM partsupp, supplier, nation
                                           WHERE ps_suppkey = s_suppkey AND s_nationkey = n_nationkey AND n_name = 'GERMANY')
ORDER BY value DESC;
-- name: q12 shipping modes
SELECT l_shipmode, count(*) FILTER (WHERE o_orderpriority IN ('1-URGENT', '2-HIGH')), count(*) FILTER (WHERE o_orderpriority NOT IN ('1-URGENT', '2-HIGH'))
FROM orders, lineitem
WHERE o_orderkey = l_orderkey AND l_shipmode IN ('MAIL', 'SHIP') AND l_commitdate < l_receiptdate AND l_shipdate < l_commitdate
  AND l_receiptdate >= date '1994-01-01' AND l_receiptdate < date '1995-01-01'
GROUP BY l_shipmode ORDER BY l_shipmode;
-- name: q13 customer distribution
SELECT c_count, count(*) AS custdist
FROM (SELECT c_custkey, count(o_orderkey) AS c_count FROM customer LEFT JOIN orders ON c_custkey = o_custkey AND o_comment NOT LIKE '%special%requests%' GROUP BY c_custkey) AS c_orders
GROUP BY c_count ORDER BY custdist DESC, c_count DESC;
-- name: q14 promotion effect
SELECT 100.00 * sum(CASE WHEN p_type LIKE 'PROMO%' THEN l_extendedprice * (1 - l_discount) ELSE 0 END) / sum(l_extendedprice * (1 - l_discount))
FROM lineitem, part WHERE l_partkey = p_partkey AND l_shipdate >= date '1995-09-01' AND l_shipdate < date '1995-10-01';
-- name: q15 top supplier
WITH revenue AS (
    SELECT l_suppkey AS supplier_no, sum(l_extendedprice * (1 - l_discount)) AS total_revenue FROM lineitem
    WHERE l_shipdate >= date '1996-01-01' AND l_shipdate < date '1996-04-01' GROUP BY l_suppkey
)
SELECT s_suppkey, s_name, s_address, s_phone, total_revenue FROM supplier, revenue
WHERE s_suppkey = supplier_no AND total_revenue = (SELECT max(total_revenue) FROM revenue) ORDER BY s_suppkey;
-- name: q16 parts and suppliers
SELECT p_brand, p_type, p_size, count(DISTINCT ps_suppkey) AS supplier_cnt FROM partsupp, part
WHERE p_partkey = ps_partkey AND p_brand <> 'Brand#45' AND p_type NOT LIKE 'MEDIUM POLISHED%' AND p_size IN (49, 14, 23, 45, 19, 3, 36, 9)
  AND ps_suppkey NOT IN (SELECT s_suppkey FROM supplier WHERE s_comment LIKE '%Customer%Complaints%')
GROUP BY p_brand, p_type, p_size ORDER BY supplier_cnt DESC, p_brand, p_type, p_size;
-- name: q17 small quantity orders
SELECT sum(l_extendedprice) / 7.0 FROM lineitem, part
WHERE p_partkey = l_partkey AND p_brand = 'Brand#23' AND p_container = 'MED BOX' AND l_quantity < (SELECT 0.2 * avg(l_quantity) FROM lineitem WHERE l_partkey = p_partkey);
-- name: q18 large volume customer
SELECT c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity) FROM customer, orders, lineitem
WHERE o_orderkey IN (SELECT l_orderkey FROM lineitem GROUP BY l_orderkey HAVING sum(l_quantity) > 300) AND c_custkey = o_custkey AND o_orderkey = l_orderkey
GROUP BY c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice ORDER BY o_totalprice DESC, o_orderdate LIMIT 100;
-- name: q19 discounted revenue
SELECT sum(l_extendedprice * (1 - l_discount)) FROM lineitem, part
WHERE p_partkey = l_partkey AND l_shipinstruct = 'DELIVER IN PERSON' AND l_shipmode IN ('AIR', 'REG AIR')
  AND (p_brand = 'Brand#12' AND p_container IN ('SM CASE', 'SM BOX', 'SM PACK', 'SM PKG') AND l_quantity BETWEEN 1 AND 11 AND p_size BETWEEN 1 AND 5
       OR p_brand = 'Brand#23' AND p_container IN ('MED BAG', 'MED BOX', 'MED PKG', 'MED PACK') AND l_quantity BETWEEN 10 AND 20 AND p_size BETWEEN 1 AND 10
       OR p_brand = 'Brand#34' AND p_container IN ('LG CASE', 'LG BOX', 'LG PACK', 'LG PKG') AND l_quantity BETWEEN 20 AND 30 AND p_size BETWEEN 1 AND 15);
-- name: q20 potential part promotion
SELECT s_name, s_address FROM supplier, nation
WHERE s_suppkey IN (SELECT ps_suppkey FROM partsupp
                    WHERE ps_partkey IN (SELECT p_partkey FROM part WHERE p_name LIKE 'forest%')
                      AND ps_availqty > (SELECT 0.5 * sum(l_quantity) FROM lineitem
                                         WHERE l_partkey = ps_partkey AND l_suppkey = ps_suppkey AND l_shipdate >= date '1994-01-01' AND l_shipdate < date '1995-01-01'))
  AND s_nationkey = n_nationkey AND n_name = 'CANADA' ORDER BY s_name;
-- name: q21 suppliers who kept orders waiting
SELECT s_name, count(*) AS numwait FROM supplier, lineitem AS l1, orders, nation
WHERE s_suppkey = l1.l_suppkey AND o_orderkey = l1.l_orderkey AND o_orderstatus = 'F' AND l1.l_receiptdate > l1.l_commitdate
  AND EXISTS (SELECT FROM lineitem AS l2 WHERE l2.l_orderkey = l1.l_orderkey AND l2.l_suppkey <> l1.l_suppkey)
  AND NOT EXISTS (SELECT FROM lineitem AS l3 WHERE l3.l_orderkey = l1.l_orderkey AND l3.l_suppkey <> l1.l_suppkey AND l3.l_receiptdate > l3.l_commitdate)
  AND s_nationkey = n_nationkey AND n_name = 'SAUDI ARABIA'
GROUP BY s_name ORDER BY numwait DESC, s_name LIMIT 100;
-- name: q22 global sales opportunity
SELECT cntrycode, count(*), sum(c_acctbal)
FROM (SELECT substring(c_phone FROM 1 FOR 2) AS cntrycode, c_acctbal FROM customer
      WHERE substring(c_phone FROM 1 FOR 2) IN ('13', '31', '23', '29', '30', '18', '17')
        AND c_acctbal > (SELECT avg(c_acctbal) FROM customer WHERE c_acctbal > 0.00 AND substring(c_phone FROM 1 FOR 2) IN ('13', '31', '23', '29', '30', '18', '17'))
        AND NOT EXISTS (SELECT FROM orders WHERE o_custkey = c_custkey)) AS custsale
GROUP BY cntrycode ORDER BY cntrycode;

-- name: an order by its key
SELECT * FROM orders WHERE o_orderkey = 4711;
-- name: an order that is not there
SELECT * FROM orders WHERE o_orderkey = 99999999;
-- name: the lines of an order
SELECT * FROM lineitem WHERE l_orderkey = 4711 ORDER BY l_linenumber;
-- name: one line
SELECT l_comment FROM lineitem WHERE l_orderkey = 4711 AND l_linenumber = 2;
-- name: orders by a list of keys
SELECT * FROM orders WHERE o_orderkey IN (1, 2, 3, 32, 33, 100, 5000, 70000, 70001, 599000);
-- name: orders by keys, one range
SELECT count(*) FROM orders WHERE o_orderkey BETWEEN 10000 AND 12000;
-- name: beyond the last key
SELECT count(*) FROM orders WHERE o_orderkey > 599990;
-- name: a customer's orders, newest first
SELECT o_orderkey, o_orderdate, o_totalprice FROM orders WHERE o_custkey = 370 ORDER BY o_orderdate DESC LIMIT 10;
-- name: orders of a day
SELECT o_orderkey, o_totalprice FROM orders WHERE o_orderdate = date '1996-02-29';
-- name: orders of a week with their customers
SELECT o_orderkey, c_name FROM orders JOIN customer ON c_custkey = o_custkey WHERE o_orderdate BETWEEN date '1996-02-01' AND date '1996-02-07';
-- name: orders of a year
SELECT o_orderpriority, count(*) FROM orders WHERE o_orderdate BETWEEN date '1996-01-01' AND date '1996-12-31' GROUP BY o_orderpriority;
-- name: newest orders
SELECT * FROM orders ORDER BY o_orderdate DESC LIMIT 20;
-- name: newest orders, a page far behind
SELECT * FROM orders ORDER BY o_orderdate DESC OFFSET 20000 LIMIT 20;
-- name: dearest orders
SELECT o_orderkey, o_totalprice FROM orders ORDER BY o_totalprice DESC LIMIT 10;
-- name: newest orders of a clerk
SELECT * FROM orders WHERE o_clerk = 'Clerk#000000042' ORDER BY o_orderdate DESC LIMIT 20;
-- name: partly shipped orders
SELECT count(*) FROM orders WHERE o_orderstatus = 'P';
-- name: partly shipped and urgent
SELECT o_orderkey FROM orders WHERE o_orderstatus = 'P' AND o_orderpriority = '1-URGENT' AND o_orderdate >= date '1995-06-01';
-- name: first and last day
SELECT min(o_orderdate), max(o_orderdate) FROM orders;
-- name: count by the index alone
SELECT count(*) FROM lineitem WHERE l_shipdate BETWEEN date '1997-01-01' AND date '1997-01-31';
-- name: lines of a part
SELECT sum(l_quantity) FROM lineitem WHERE l_partkey = 4242;
-- name: lines of a supplier
SELECT sum(l_quantity) FROM lineitem WHERE l_suppkey = 42;
-- name: lines of a part and its suppliers
SELECT s_name, sum(l_quantity) FROM lineitem JOIN supplier ON s_suppkey = l_suppkey WHERE l_partkey BETWEEN 100 AND 120 GROUP BY s_name;
-- name: parts named forest
SELECT p_partkey, p_name FROM part WHERE p_name LIKE 'forest%' ORDER BY p_name;
-- name: parts with a word within
SELECT count(*) FROM part WHERE p_name LIKE '%lavender%';
-- name: a customer by the phone
SELECT * FROM customer WHERE c_phone = '17-0000006007';
-- name: a customer by the name in small letters
SELECT * FROM customer WHERE lower(c_name) = 'customer#000001234';
-- name: customers in the red
SELECT c_custkey, c_acctbal FROM customer WHERE c_acctbal < 0 AND c_mktsegment = 'MACHINERY' ORDER BY c_acctbal LIMIT 50;
-- name: customers who never ordered
SELECT count(*) FROM customer LEFT JOIN orders ON o_custkey = c_custkey WHERE o_orderkey IS NULL;
-- name: customers or suppliers of a nation
SELECT c_name FROM customer WHERE c_nationkey = 7 UNION ALL SELECT s_name FROM supplier WHERE s_nationkey = 7;
-- name: OR over two columns
SELECT o_orderkey FROM orders WHERE o_custkey = 370 OR o_orderdate = date '1996-02-29';
-- name: the last order of each customer of a nation
SELECT c_name, last.o_orderkey FROM customer, LATERAL (SELECT o_orderkey FROM orders WHERE o_custkey = c_custkey ORDER BY o_orderdate DESC LIMIT 1) AS last WHERE c_nationkey = 3;
-- name: each customer's dearest order by a window
SELECT * FROM (SELECT o_custkey, o_orderkey, row_number() OVER (PARTITION BY o_custkey ORDER BY o_totalprice DESC) AS place FROM orders WHERE o_custkey < 500) AS ranked WHERE place = 1;
-- name: running total by day
SELECT o_orderdate, sum(sum(o_totalprice)) OVER (ORDER BY o_orderdate) FROM orders GROUP BY o_orderdate;
-- name: distinct ship modes
SELECT DISTINCT l_shipmode FROM lineitem;
-- name: months and modes, rolled up
SELECT date_trunc('month', l_shipdate), l_shipmode, count(*) FROM lineitem WHERE l_shipdate >= date '1997-06-01' GROUP BY ROLLUP (1, 2);
-- name: merge join of all lines
SELECT count(*) FROM orders JOIN lineitem ON l_orderkey = o_orderkey WHERE l_quantity > 40;
-- name: late lines of two months
SELECT o_orderkey, o_orderdate FROM orders WHERE o_orderdate BETWEEN date '1994-05-01' AND date '1994-06-30'
  AND o_orderkey NOT IN (SELECT l_orderkey FROM lineitem WHERE l_receiptdate > l_commitdate + 60) LIMIT 100;
-- name: a chain of CTEs
WITH big AS MATERIALIZED (SELECT o_custkey, sum(o_totalprice) AS total FROM orders WHERE o_orderdate >= date '1997-01-01' GROUP BY o_custkey HAVING sum(o_totalprice) > 400000),
     named AS (SELECT c_name, c_nationkey, total FROM big JOIN customer ON c_custkey = o_custkey)
SELECT n_name, count(*), max(total) FROM named JOIN nation ON n_nationkey = c_nationkey GROUP BY n_name ORDER BY 3 DESC;
-- name: all nations with counts
SELECT n_name, (SELECT count(*) FROM supplier WHERE s_nationkey = n_nationkey) FROM nation ORDER BY n_name;
-- name: stock of cheap small parts
SELECT count(*) FROM part JOIN partsupp ON ps_partkey = p_partkey WHERE p_size < 5 AND p_container = 'SM BOX' AND ps_supplycost < 100;
-- name: lines received in one week by ship
SELECT l_orderkey, l_linenumber FROM lineitem WHERE l_receiptdate BETWEEN date '1995-01-02' AND date '1995-01-08' AND l_shipmode = 'SHIP';
-- name: keyset page of lines
SELECT l_orderkey, l_linenumber, l_extendedprice FROM lineitem WHERE (l_orderkey, l_linenumber) > (300000, 3) ORDER BY l_orderkey, l_linenumber LIMIT 50;
-- name: whole table in key order
SELECT l_orderkey, l_linenumber FROM lineitem ORDER BY l_orderkey, l_linenumber;
