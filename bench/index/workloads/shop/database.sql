-- A shop: 60,000 products with attributes, 250,000 orders of 80,000 customers, 750,000 items, 150,000 reviews. Keys only, and three indexes that nobody
-- needs. The same rows each time.
SELECT setseed(0.12);
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;

CREATE TABLE categories (id integer PRIMARY KEY, parent_id integer REFERENCES categories, name text NOT NULL);
CREATE TABLE customers (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    phone text,
    country char(2) NOT NULL,
    newsletter boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE products (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    category_id integer NOT NULL REFERENCES categories,
    sku text NOT NULL UNIQUE,
    name text NOT NULL,
    description text NOT NULL,
    price numeric(10, 2) NOT NULL,
    stock integer NOT NULL,
    rating real NOT NULL,
    attributes jsonb NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL
) WITH (fillfactor = 85);
CREATE TABLE promotions (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, category_id integer NOT NULL REFERENCES categories, during tstzrange NOT NULL, percent integer NOT NULL);
CREATE TABLE orders (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers,
    status text NOT NULL,
    total numeric(12, 2) NOT NULL,
    shipping jsonb NOT NULL,
    coupon text,
    placed_at timestamptz NOT NULL,
    shipped_at timestamptz
) WITH (fillfactor = 85);
CREATE TABLE order_items (
    order_id integer NOT NULL REFERENCES orders,
    line smallint NOT NULL,
    product_id integer NOT NULL REFERENCES products,
    quantity integer NOT NULL,
    price numeric(10, 2) NOT NULL,
    PRIMARY KEY (order_id, line)
);
CREATE TABLE reviews (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id integer NOT NULL REFERENCES products,
    customer_id integer NOT NULL REFERENCES customers,
    stars smallint NOT NULL,
    body text NOT NULL,
    is_approved boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE carts (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id integer REFERENCES customers,
    token uuid NOT NULL,
    items jsonb NOT NULL,
    state text NOT NULL,
    updated_at timestamptz NOT NULL
) WITH (fillfactor = 85);

INSERT INTO categories SELECT n, CASE WHEN n > 20 THEN 1 + n % 20 END, 'Category ' || n FROM generate_series(1, 300) AS n;
INSERT INTO customers (email, first_name, last_name, phone, country, newsletter, created_at)
SELECT CASE WHEN n % 3 = 0 THEN 'Customer' ELSE 'customer' END || n || '@' || (ARRAY['mail', 'post', 'inbox'])[1 + n % 3] || '.example', 'First' || n % 500, (ARRAY['Mai', 'Mei', 'Mül', 'Sch', 'Ber', 'Hof', 'Kra', 'Wag', 'Lan', 'Fis'])[1 + n % 10] || (ARRAY['er', 'mann', 'ler', 'berg', 'ner', 'ke'])[1 + n % 6] || floor(random() * 300),
       CASE WHEN random() < 0.6 THEN '+49' || 1000000 + n * 7919 % 8999999 END, (ARRAY['DE', 'DE', 'DE', 'AT', 'CH', 'FR', 'NL'])[1 + floor(random() * 7)::integer], random() < 0.3, timestamptz '2022-01-01 00:00:00+00' + n * interval '29 minutes'
FROM generate_series(1, 80000) AS n;
INSERT INTO products (category_id, sku, name, description, price, stock, rating, attributes, is_active, created_at)
SELECT category, 'SKU-' || lpad(n::text, 6, '0'), (ARRAY['Light', 'Heavy', 'Classic', 'Modern', 'Slim', 'Robust'])[1 + n % 6] || ' ' || (ARRAY['jacket', 'lamp', 'table', 'bicycle', 'kettle', 'headphones', 'backpack', 'camera', 'tent'])[1 + floor(power(random(), 1.4) * 9)::integer] || ' ' || chr(65 + n % 26) || n % 997,
       'Made of ' || (ARRAY['oak', 'steel', 'cotton', 'aluminium', 'wool', 'glass'])[1 + floor(random() * 6)::integer] || ', for ' || (ARRAY['home', 'travel', 'office', 'garden', 'sport'])[1 + floor(random() * 5)::integer]
           || CASE WHEN random() < 0.01 THEN ', waterproof and foldable' WHEN random() < 0.05 THEN ', foldable' ELSE '' END || repeat('. Long lasting and easy to clean', 1 + n % 3),
       round((5 + power(random(), 4) * 1500)::numeric, 2), CASE WHEN random() < 0.03 THEN 0 ELSE floor(random() * 400)::integer END, (1 + random() * 4)::real,
       jsonb_build_object('color', (ARRAY['black', 'white', 'red', 'blue', 'green', 'orange', 'violet'])[1 + floor(power(random(), 2) * 7)::integer], 'size', (ARRAY['S', 'M', 'L', 'XL'])[1 + n % 4], 'brand', 'Brand ' || floor(power(random(), 2) * 250), 'weight', floor(random() * 5000)),
       random() < 0.9, timestamptz '2022-01-01 00:00:00+00' + n * interval '38 minutes'
FROM (SELECT n, 1 + floor(power(random(), 1.6) * 300)::integer AS category FROM generate_series(1, 60000) AS n OFFSET 0) AS drawn;
INSERT INTO promotions (category_id, during, percent) SELECT 1 + n % 300, tstzrange(start, start + (1 + n % 9) * interval '1 day'), 5 + n % 50
FROM (SELECT n, timestamptz '2023-01-01 00:00:00+00' + n * interval '50 minutes' AS start FROM generate_series(1, 36000) AS n) AS drawn;
INSERT INTO orders (customer_id, status, total, shipping, coupon, placed_at, shipped_at)
SELECT 1 + floor(power(random(), 1.8) * 80000)::integer, CASE WHEN n > 245000 THEN (ARRAY['pending', 'paid', 'packed', 'shipped', 'shipped'])[1 + floor(random() * 5)::integer] WHEN random() < 0.04 THEN 'cancelled' WHEN random() < 0.03 THEN 'returned' ELSE 'delivered' END,
       round((10 + power(random(), 4) * 3000)::numeric, 2), jsonb_build_object('zip', lpad((10000 + floor(random() * 8000))::text, 5, '0'), 'city', 'City ' || n % 900, 'carrier', (ARRAY['post', 'parcel', 'courier'])[1 + n % 3]),
       CASE WHEN random() < 0.04 THEN 'CODE' || floor(random() * 400) END, at, CASE WHEN n < 246000 THEN at + random() * interval '4 days' END
FROM (SELECT n, timestamptz '2024-01-01 00:00:00+00' + n * interval '315 seconds' AS at FROM generate_series(1, 250000) AS n OFFSET 0) AS drawn ORDER BY n;
INSERT INTO order_items SELECT id, line, 1 + floor(power(random(), 2.2) * 60000)::integer, 1 + floor(power(random(), 3) * 5)::integer, round((5 + power(random(), 4) * 800)::numeric, 2) FROM orders, generate_series(1, 5) AS line WHERE line <= 1 + id % 5 ORDER BY id, line;
INSERT INTO reviews (product_id, customer_id, stars, body, is_approved, created_at)
SELECT 1 + floor(power(random(), 2.2) * 60000)::integer, 1 + floor(random() * 80000)::integer, 1 + floor(sqrt(random()) * 5)::integer, 'Review ' || n || repeat(' as expected', n % 8), random() < 0.985, timestamptz '2024-01-01 00:00:00+00' + n * interval '8 minutes'
FROM generate_series(1, 150000) AS n;
INSERT INTO carts (customer_id, token, items, state, updated_at)
SELECT CASE WHEN random() < 0.7 THEN 1 + floor(random() * 80000)::integer END, md5(n::text)::uuid, jsonb_build_array(jsonb_build_object('product', n % 60000, 'quantity', 1)), CASE WHEN random() < 0.05 THEN 'open' WHEN random() < 0.6 THEN 'ordered' ELSE 'expired' END,
       timestamptz '2025-12-01 00:00:00+00' + n * interval '2 minutes' FROM generate_series(1, 150000) AS n;

-- Needless: the key of products.sku again, the beginning of the key of order_items, and one that nothing reads.
CREATE INDEX products_sku_idx ON products (sku);
CREATE INDEX order_items_order_idx ON order_items (order_id);
CREATE INDEX customers_newsletter_idx ON customers (newsletter);
