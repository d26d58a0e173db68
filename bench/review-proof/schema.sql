-- A shop of ten tables, as a pg_dump of a small service looks.
CREATE TYPE order_state AS ENUM ('new', 'paid', 'sent', 'closed');
CREATE DOMAIN email AS text CHECK (VALUE ~ '^[^@ ]+@[^@ ]+$');
CREATE TABLE tenants (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9-]+$'), created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants, email email NOT NULL, name text NOT NULL, note text,
  created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (tenant_id, email), UNIQUE (tenant_id, id));
CREATE TABLE products (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), tenant_id bigint NOT NULL REFERENCES tenants, sku varchar(20) NOT NULL, title text NOT NULL,
  price numeric(10,2) NOT NULL CHECK (price >= 0), attributes jsonb NOT NULL DEFAULT '{}', tags text[] NOT NULL DEFAULT '{}', UNIQUE (tenant_id, sku));
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id bigint NOT NULL, customer_id bigint NOT NULL, state order_state NOT NULL DEFAULT 'new', note text,
  total integer, discount numeric(3,2) CHECK (discount BETWEEN 0 AND 1), placed_at timestamptz, paid_at timestamptz, CHECK (paid_at >= placed_at),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id));
CREATE INDEX orders_placed ON orders (placed_at);
CREATE INDEX orders_state ON orders (state);
CREATE TABLE order_lines (order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE, line smallint NOT NULL CHECK (line > 0), product_id uuid NOT NULL, quantity integer NOT NULL CHECK (quantity > 0),
  price numeric(10,2) NOT NULL, PRIMARY KEY (order_id, line));
CREATE TABLE payments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL, amount numeric(10,2), provider text CHECK (provider IN ('card', 'bank')), at timestamp);
CREATE TABLE categories (id integer PRIMARY KEY, parent_id integer REFERENCES categories, title varchar(40) NOT NULL);
CREATE TABLE sessions (token text PRIMARY KEY, customer_id bigint, ip inet, during tstzrange, data json);
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE events_01 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE events_02 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE audit (id bigint PRIMARY KEY, what text, at timestamptz);
