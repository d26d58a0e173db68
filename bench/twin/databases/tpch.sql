-- TPC-H's eight tables with the distributions of its specification, as near as SQL makes them, at a scale of 0.1: 600,000 lines of 150,000 orders.
-- The same rows each time.
SELECT setseed(0.17);

CREATE TABLE region (
    r_regionkey integer PRIMARY KEY,
    r_name char(25) NOT NULL,
    r_comment varchar(152)
);
CREATE TABLE nation (
    n_nationkey integer PRIMARY KEY,
    n_name char(25) NOT NULL,
    n_regionkey integer NOT NULL REFERENCES region,
    n_comment varchar(152)
);
CREATE TABLE part (
    p_partkey integer PRIMARY KEY,
    p_name varchar(55) NOT NULL,
    p_mfgr char(25) NOT NULL,
    p_brand char(10) NOT NULL,
    p_type varchar(25) NOT NULL,
    p_size integer NOT NULL,
    p_container char(10) NOT NULL,
    p_retailprice numeric(15, 2) NOT NULL,
    p_comment varchar(23) NOT NULL
);
CREATE TABLE supplier (
    s_suppkey integer PRIMARY KEY,
    s_name char(25) NOT NULL,
    s_address varchar(40) NOT NULL,
    s_nationkey integer NOT NULL REFERENCES nation,
    s_phone char(15) NOT NULL,
    s_acctbal numeric(15, 2) NOT NULL,
    s_comment varchar(101) NOT NULL
);
CREATE TABLE partsupp (
    ps_partkey integer NOT NULL REFERENCES part,
    ps_suppkey integer NOT NULL REFERENCES supplier,
    ps_availqty integer NOT NULL,
    ps_supplycost numeric(15, 2) NOT NULL,
    ps_comment varchar(199) NOT NULL
);
CREATE TABLE customer (
    c_custkey integer PRIMARY KEY,
    c_name varchar(25) NOT NULL,
    c_address varchar(40) NOT NULL,
    c_nationkey integer NOT NULL REFERENCES nation,
    c_phone char(15) NOT NULL,
    c_acctbal numeric(15, 2) NOT NULL,
    c_mktsegment char(10) NOT NULL,
    c_comment varchar(117) NOT NULL
);
CREATE TABLE orders (
    o_orderkey integer NOT NULL,
    o_custkey integer NOT NULL,
    o_orderstatus char(1) NOT NULL,
    o_totalprice numeric(15, 2) NOT NULL,
    o_orderdate date NOT NULL,
    o_orderpriority char(15) NOT NULL,
    o_clerk char(15) NOT NULL,
    o_shippriority integer NOT NULL,
    o_comment varchar(79) NOT NULL
);
CREATE TABLE lineitem (
    l_orderkey integer NOT NULL,
    l_partkey integer NOT NULL,
    l_suppkey integer NOT NULL,
    l_linenumber integer NOT NULL,
    l_quantity numeric(15, 2) NOT NULL,
    l_extendedprice numeric(15, 2) NOT NULL,
    l_discount numeric(15, 2) NOT NULL,
    l_tax numeric(15, 2) NOT NULL,
    l_returnflag char(1) NOT NULL,
    l_linestatus char(1) NOT NULL,
    l_shipdate date NOT NULL,
    l_commitdate date NOT NULL,
    l_receiptdate date NOT NULL,
    l_shipinstruct char(25) NOT NULL,
    l_shipmode char(10) NOT NULL,
    l_comment varchar(44) NOT NULL
);

CREATE FUNCTION pick(words text[]) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT words[1 + floor(random() * array_length(words, 1))::integer]';
CREATE FUNCTION phrase() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT pick(ARRAY['furiously', 'carefully', 'quickly', 'slyly', 'blithely']) || ' ' || pick(ARRAY['special', 'pending', 'final', 'regular', 'express', 'bold', 'ironic'])
        || ' ' || pick(ARRAY['requests', 'deposits', 'packages', 'accounts', 'theodolites', 'foxes', 'Customer Complaints'])
$$;

INSERT INTO region SELECT k, (ARRAY['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'])[k + 1], phrase() FROM generate_series(0, 4) AS k;
INSERT INTO nation
SELECT k - 1, (ARRAY['ALGERIA', 'ARGENTINA', 'BRAZIL', 'CANADA', 'EGYPT', 'ETHIOPIA', 'FRANCE', 'GERMANY', 'INDIA', 'INDONESIA', 'IRAN', 'IRAQ', 'JAPAN', 'JORDAN', 'KENYA',
                     'MOROCCO', 'MOZAMBIQUE', 'PERU', 'CHINA', 'ROMANIA', 'SAUDI ARABIA', 'VIETNAM', 'RUSSIA', 'UNITED KINGDOM', 'UNITED STATES'])[k],
       (ARRAY[0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1])[k], phrase()
FROM generate_series(1, 25) AS k;

INSERT INTO part
SELECT k, pick(colours) || ' ' || pick(colours) || ' ' || pick(colours), 'Manufacturer#' || m, 'Brand#' || m || 1 + floor(random() * 5),
       pick(ARRAY['STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO']) || ' ' || pick(ARRAY['ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED']) || ' '
           || pick(ARRAY['TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER']),
       1 + floor(random() * 50), pick(ARRAY['SM', 'LG', 'MED', 'JUMBO', 'WRAP']) || ' ' || pick(ARRAY['CASE', 'BOX', 'BAG', 'JAR', 'PKG', 'PACK', 'CAN', 'DRUM']),
       (90000 + (k / 10) % 20001 + 100 * (k % 1000)) / 100.0, left(phrase(), 23)
FROM generate_series(1, 20000) AS k,
     LATERAL (SELECT 1 + floor(random() * 5)::integer AS m WHERE k > 0) AS made,
     (SELECT ARRAY['almond', 'antique', 'aquamarine', 'azure', 'beige', 'bisque', 'black', 'blanched', 'blue', 'blush', 'brown', 'burlywood', 'chartreuse', 'chiffon', 'chocolate',
                   'coral', 'cornflower', 'cream', 'cyan', 'dark', 'deep', 'dim', 'dodger', 'drab', 'firebrick', 'forest', 'frosted', 'green', 'grey', 'honeydew', 'hot', 'indian',
                   'ivory', 'khaki', 'lace', 'lavender', 'lemon', 'light', 'lime', 'linen', 'magenta', 'maroon', 'metallic', 'midnight', 'mint', 'misty', 'navy', 'olive', 'orange',
                   'orchid', 'pale', 'papaya', 'peach', 'peru', 'pink', 'plum', 'powder', 'puff', 'purple', 'red', 'rose', 'rosy', 'royal', 'saddle', 'salmon', 'sandy', 'sienna',
                   'sky', 'slate', 'smoke', 'snow', 'spring', 'steel', 'tan', 'thistle', 'tomato', 'turquoise', 'violet', 'wheat', 'white', 'yellow'] AS colours) AS listed;
INSERT INTO supplier
SELECT k, 'Supplier#' || lpad(k::text, 9, '0'), left(md5(k::text), 20), n, 10 + n || '-' || lpad((k * 7919 % 10000000)::text, 10, '0'),
       round((random() * 11000 - 1000)::numeric, 2), phrase() || ' ' || phrase()
FROM generate_series(1, 1000) AS k, LATERAL (SELECT floor(random() * 25)::integer AS n WHERE k > 0) AS placed;
INSERT INTO partsupp
SELECT p, 1 + (p + s * 251 + (p - 1) / 1000) % 1000, 1 + floor(random() * 9999), round((1 + random() * 999)::numeric, 2), phrase() || ', ' || phrase() || ', ' || phrase()
FROM generate_series(1, 20000) AS p, generate_series(0, 3) AS s;
INSERT INTO customer
SELECT k, 'Customer#' || lpad(k::text, 9, '0'), left(md5((k + 1000000)::text), 22), n, 10 + n || '-' || lpad((k * 6007 % 10000000)::text, 10, '0'),
       round((random() * 11000 - 1000)::numeric, 2), pick(ARRAY['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY', 'HOUSEHOLD']), phrase() || ' ' || phrase() || ' ' || phrase()
FROM generate_series(1, 15000) AS k, LATERAL (SELECT floor(random() * 25)::integer AS n WHERE k > 0) AS placed;

-- A third of the customers never orders, and keys leave gaps, as the specification has it.
INSERT INTO orders
SELECT (k / 8) * 32 + k % 8, c - c % 3 + 1, 'O', 0, date '1992-01-01' + floor(random() * 2406)::integer,
       pick(ARRAY['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW']), 'Clerk#' || lpad((1 + floor(random() * 100))::text, 9, '0'), 0, phrase() || ' ' || phrase()
FROM generate_series(1, 150000) AS k, LATERAL (SELECT floor(random() * 14999)::integer AS c WHERE k > 0) AS ordering;
INSERT INTO lineitem
SELECT o_orderkey, part, 1 + (part + floor(random() * 4)::integer * 251 + (part - 1) / 1000) % 1000, line, quantity,
       quantity * (90000 + (part / 10) % 20001 + 100 * (part % 1000)) / 100.0, floor(random() * 11) / 100, floor(random() * 9) / 100,
       CASE WHEN received > date '1995-06-17' THEN 'N' WHEN random() < 0.5 THEN 'R' ELSE 'A' END, CASE WHEN shipped > date '1995-06-17' THEN 'O' ELSE 'F' END,
       shipped, o_orderdate + 30 + floor(random() * 61)::integer, received,
       (ARRAY['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'])[1 + floor(random() * 4)::integer],
       (ARRAY['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB'])[1 + floor(random() * 7)::integer],
       substr('furiously special packages sleep slyly among the regular accounts and pending theodolites', 1 + floor(random() * 40)::integer, 10 + floor(random() * 34)::integer)
FROM (
    SELECT o_orderkey, o_orderdate, line, 1 + floor(random() * 20000)::integer AS part, 1 + floor(random() * 50)::integer AS quantity, shipped,
           shipped + 1 + floor(random() * 30)::integer AS received
    FROM (SELECT o_orderkey, o_orderdate, 1 + floor(random() * 7)::integer AS lines FROM orders) AS drawn, generate_series(1, lines) AS line,
         LATERAL (SELECT o_orderdate + 1 + floor(random() * 121)::integer AS shipped WHERE line > 0) AS shipping
    OFFSET 0
) AS ordered;
-- Written anew rather than updated: an index over updated rows is no use to transactions that began before (pg_index.indcheckxmin).
CREATE TEMP TABLE drawn AS TABLE orders;
TRUNCATE orders;
INSERT INTO orders
SELECT o_orderkey, o_custkey, coalesce(status, 'O'), coalesce(total, 0), o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment
FROM drawn LEFT JOIN (SELECT l_orderkey, sum(l_extendedprice * (1 + l_tax) * (1 - l_discount)) AS total,
                             CASE WHEN min(l_linestatus) = max(l_linestatus) THEN min(l_linestatus) ELSE 'P' END AS status
                      FROM lineitem GROUP BY l_orderkey) AS lines ON l_orderkey = o_orderkey
ORDER BY o_orderkey;
DROP TABLE drawn;

ALTER TABLE partsupp ADD PRIMARY KEY (ps_partkey, ps_suppkey);
ALTER TABLE orders ADD PRIMARY KEY (o_orderkey);
ALTER TABLE lineitem ADD PRIMARY KEY (l_orderkey, l_linenumber);
ALTER TABLE orders ADD FOREIGN KEY (o_custkey) REFERENCES customer;
ALTER TABLE lineitem ADD FOREIGN KEY (l_orderkey) REFERENCES orders, ADD FOREIGN KEY (l_partkey, l_suppkey) REFERENCES partsupp;
CREATE INDEX supplier_nation ON supplier (s_nationkey);
CREATE INDEX customer_nation ON customer (c_nationkey);
CREATE INDEX orders_customer ON orders (o_custkey);
CREATE INDEX orders_date ON orders (o_orderdate);
CREATE INDEX lineitem_part_supplier ON lineitem (l_partkey, l_suppkey);
CREATE INDEX lineitem_shipdate ON lineitem (l_shipdate);
DROP FUNCTION phrase(), pick(text[]);
