-- A shop, its log of events and what hangs on it. Every row follows from its number: nothing is random.
CREATE EXTENSION pg_trgm;

-- Customer 1 is the wholesaler: an eighth of all orders is his.
CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL, name text NOT NULL, region int NOT NULL, segment text NOT NULL, note text NOT NULL);
INSERT INTO customers SELECT i, 'Customer' || i || '@Example.com', 'customer ' || i, i % 40, CASE WHEN i = 1 THEN 'wholesale' WHEN i % 50 = 0 THEN 'trade' ELSE 'retail' END, repeat(md5(i::text), 3)
FROM generate_series(1, 50000) i;
CREATE INDEX customers_email ON customers (email);
CREATE INDEX customers_region ON customers (region);

-- The first 60,000 orders are returned ones and nothing else was ever returned. Country, city and zip follow from each other.
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int NOT NULL, status text NOT NULL, placed_at timestamptz NOT NULL, total numeric(10, 2) NOT NULL, reference text NOT NULL,
    country text NOT NULL, city text NOT NULL, zip text NOT NULL, channel int NOT NULL);
INSERT INTO orders SELECT i, CASE WHEN i % 8 = 0 THEN 1 ELSE 1 + i % 50000 END, CASE WHEN i <= 60000 THEN 'returned' WHEN i % 10000 = 0 THEN 'failed' ELSE 'done' END,
    timestamptz '2024-01-01 00:00+00' + i * interval '1 minute', (i::bigint * 7919 % 100000) / 100.0, 'R' || (i::bigint * 7919 % 400009),
    'land ' || i % 10, 'city ' || i % 10, 'zip ' || i % 10, i % 20
FROM generate_series(1, 400000) i;
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_placed ON orders (placed_at);
CREATE INDEX orders_city ON orders (city);
CREATE INDEX orders_channel ON orders (channel);

CREATE TABLE products (id int PRIMARY KEY, sku varchar(20) NOT NULL, title text NOT NULL, category int NOT NULL, tags text[] NOT NULL, attrs jsonb NOT NULL, words tsvector NOT NULL);
INSERT INTO products SELECT i, 'SKU' || i, 'product ' || md5(i::text), i % 200, ARRAY['t' || i % 1000, 'u' || i % 7], jsonb_build_object('colour', i % 500, 'size', i % 9),
    to_tsvector('simple', 'word' || i % 700 || ' thing' || i % 11)
FROM generate_series(1, 60000) i;
CREATE UNIQUE INDEX products_sku ON products (sku);

CREATE TABLE items (order_id bigint NOT NULL, line int NOT NULL, product_id int NOT NULL, qty int NOT NULL, price numeric(10, 2) NOT NULL, PRIMARY KEY (order_id, line));
INSERT INTO items SELECT 1 + i / 2, i % 2, 1 + (i::bigint * 7919) % 60000, 1 + i % 5, (i::bigint * 104729 % 50000) / 100.0 FROM generate_series(0, 799999) i;
CREATE INDEX items_product ON items (product_id);

-- Articles in large rows, and with GIN indexes that answer more rows than are wanted.
CREATE TABLE articles (id int PRIMARY KEY, author int NOT NULL, title text NOT NULL, meta jsonb NOT NULL, body text NOT NULL);
INSERT INTO articles SELECT i, (i::bigint * 7919 % 15), CASE i % 500 WHEN 0 THEN 'abcbcd' ELSE 'abc bcd bcb cbc ' || i END,
    jsonb_build_object('a', jsonb_build_object('k', i % 2, 'v', (i / 2) % 3), 'b', jsonb_build_object('k', (i / 3) % 2, 'v', i % 5)), repeat(md5(i::text), 20)
FROM generate_series(1, 120000) i;
CREATE INDEX articles_author ON articles (author);
CREATE INDEX articles_title ON articles USING gin (title gin_trgm_ops);
CREATE INDEX articles_meta ON articles USING gin (meta);

CREATE TABLE bookings (id int PRIMARY KEY, room int NOT NULL, during tsrange NOT NULL);
INSERT INTO bookings SELECT i, i % 300, tsrange(timestamp '2024-01-01' + i * interval '20 minutes', timestamp '2024-01-01' + i * interval '20 minutes' + interval '1 hour') FROM generate_series(1, 120000) i;

-- Events of 200 tenants; a device's events are strewn over the whole table.
CREATE TABLE events (id bigint PRIMARY KEY, tenant int NOT NULL, device int NOT NULL, kind text NOT NULL, at timestamptz NOT NULL, value float8 NOT NULL, processed bool NOT NULL);
INSERT INTO events SELECT i, i * 7919::bigint % 200, i % 2000, 'kind ' || i % 6, timestamptz '2024-01-01 00:00+00' + i * interval '30 seconds', i % 977, i <= 499000 OR i % 10 = 0 FROM generate_series(1, 500000) i;
CREATE INDEX events_tenant_at ON events (tenant, at);
CREATE INDEX events_kind ON events (kind);

CREATE TABLE readings (sensor int NOT NULL, at timestamptz NOT NULL, value float8 NOT NULL) PARTITION BY RANGE (at);
DO $$ BEGIN FOR m IN 0..11 LOOP
    EXECUTE format('CREATE TABLE readings_%s PARTITION OF readings FOR VALUES FROM (%L) TO (%L)', lpad((m + 1)::text, 2, '0'), timestamptz '2024-01-01 00:00+00' + m * interval '1 month', timestamptz '2024-01-01 00:00+00' + (m + 1) * interval '1 month');
END LOOP; END $$;
INSERT INTO readings SELECT i % 800, timestamptz '2024-01-01 00:00+00' + i * interval '80 seconds', i % 101 FROM generate_series(1, 390000) i;
CREATE INDEX readings_at ON readings (at);

CREATE TABLE visits (customer_id int NOT NULL, at timestamptz NOT NULL, page int NOT NULL);
INSERT INTO visits SELECT 1 + i % 3000, timestamptz '2024-01-01 00:00+00' + i * interval '1 minute', i % 90 FROM generate_series(1, 6000) i;
CREATE TABLE offers (id int PRIMARY KEY, begins timestamptz NOT NULL, ends timestamptz NOT NULL, percent int NOT NULL);
INSERT INTO offers SELECT i, timestamptz '2024-01-01 00:00+00' + i * interval '20 minutes', timestamptz '2024-01-01 00:00+00' + i * interval '20 minutes' + interval '5 minutes', i % 60 FROM generate_series(1, 300) i;

-- Nothing points to the invoice in these two but the foreign key.
CREATE TABLE invoices (id int PRIMARY KEY, issued date NOT NULL);
INSERT INTO invoices SELECT i, date '2024-01-01' + i % 300 FROM generate_series(1, 30000) i;
CREATE TABLE invoice_lines (id int PRIMARY KEY, invoice_id int NOT NULL REFERENCES invoices ON DELETE CASCADE, amount numeric(10, 2) NOT NULL);
INSERT INTO invoice_lines SELECT i, 1 + i % 20000, i % 1000 FROM generate_series(1, 200000) i;
CREATE TABLE refunds (id int PRIMARY KEY, invoice_id int NOT NULL REFERENCES invoices, amount numeric(10, 2) NOT NULL);
INSERT INTO refunds SELECT i, 1 + i % 15000, i % 90 FROM generate_series(1, 150000) i;

-- The fingerprints' type sorts but does not hash.
CREATE TABLE scans (id int PRIMARY KEY, print varbit NOT NULL);
INSERT INTO scans SELECT i, (i::bigint * 7919 % 100003)::bit(64)::varbit FROM generate_series(1, 60000) i;
CREATE TABLE known (id int PRIMARY KEY, print varbit NOT NULL);
INSERT INTO known SELECT i, (i::bigint * 104729 % 100003)::bit(64)::varbit FROM generate_series(1, 60000) i;

CREATE TABLE documents (id int PRIMARY KEY, owner int NOT NULL, body text NOT NULL);
ALTER TABLE documents ALTER body SET STORAGE EXTERNAL;
INSERT INTO documents SELECT i, i % 20, repeat(md5(i::text), 300) FROM generate_series(1, 8000) i;

CREATE FUNCTION picked(n int) RETURNS SETOF bigint LANGUAGE plpgsql AS 'BEGIN RETURN QUERY SELECT (i * 3)::bigint FROM generate_series(1, n) i; END';
CREATE FUNCTION hot_products() RETURNS SETOF int LANGUAGE plpgsql ROWS 40000 AS 'BEGIN RETURN QUERY VALUES (7), (77), (777); END';

VACUUM ANALYZE;

-- What happened after the last ANALYZE (autovacuum is off).
-- A batch was imported that the statistics have not seen; an outbox was worked off; a session table and a queue were emptied but for a few rows.
CREATE TABLE imports (id int PRIMARY KEY, batch int NOT NULL, product_id int NOT NULL);
INSERT INTO imports SELECT i, i % 10, 1 + i % 60000 FROM generate_series(1, 60000) i;
CREATE INDEX imports_batch ON imports (batch);
VACUUM ANALYZE imports;
INSERT INTO imports SELECT i, 11, 1 + i * 7 % 60000 FROM generate_series(60001, 130000) i;
CREATE TABLE outbox (id int PRIMARY KEY, state text NOT NULL, order_id bigint NOT NULL);
INSERT INTO outbox SELECT i, CASE WHEN i % 3 = 0 THEN 'sent' ELSE 'pending' END, i FROM generate_series(1, 90000) i;
CREATE INDEX outbox_state ON outbox (state);
VACUUM ANALYZE outbox;
UPDATE outbox SET state = 'sent' WHERE state = 'pending' AND id > 6;
VACUUM outbox;
CREATE TABLE sessions (id int PRIMARY KEY, data text NOT NULL, seen timestamptz NOT NULL);
INSERT INTO sessions SELECT i, repeat('x', 150), timestamptz '2024-01-01 00:00+00' + i * interval '1 second' FROM generate_series(1, 400000) i;
DELETE FROM sessions WHERE id % 50 <> 0;
VACUUM ANALYZE sessions;
CREATE TABLE queue (id int PRIMARY KEY, due timestamptz NOT NULL, job int NOT NULL);
INSERT INTO queue SELECT i, timestamptz '2024-01-01 00:00+00' + i * interval '1 second', i % 17 FROM generate_series(1, 900000) i;
CREATE INDEX queue_due ON queue (due);
DELETE FROM queue WHERE id % 60 <> 0;
CREATE TABLE queue_left AS SELECT * FROM queue;
VACUUM ANALYZE queue;
-- Every second row was updated after the vacuum.
CREATE TABLE counters (id int PRIMARY KEY, kind int NOT NULL, hits int NOT NULL) WITH (fillfactor = 45);
INSERT INTO counters SELECT i, i % 10, 0 FROM generate_series(1, 120000) i;
CREATE INDEX counters_kind ON counters (kind);
VACUUM ANALYZE counters;
UPDATE counters SET hits = hits + 1 WHERE id % 2 = 0;
SELECT sum(hits) AS hits FROM counters \gset
CHECKPOINT;
