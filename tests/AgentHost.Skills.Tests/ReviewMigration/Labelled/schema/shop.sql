-- A shop: stock and customers, what they order, and what the office keeps beside it.
CREATE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION default_region() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'eu'::text $$;
CREATE SEQUENCE ticket_numbers_given;
CREATE FUNCTION next_ticket_no() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT nextval('ticket_numbers_given') $$;

CREATE TABLE warehouses (
    id integer PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE products (
    id integer PRIMARY KEY,
    title text NOT NULL,
    sku varchar(32) NOT NULL,
    stock integer NOT NULL DEFAULT 0,
    price numeric(10, 2) NOT NULL
);
CREATE INDEX products_title_idx ON products (title);

CREATE TABLE price_lines (
    id integer PRIMARY KEY,
    listed numeric NOT NULL,
    gross numeric GENERATED ALWAYS AS (listed * 1.2) STORED,
    net numeric GENERATED ALWAYS AS (listed) STORED
);

CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    full_name text,
    email text NOT NULL,
    phone varchar(40),
    status text NOT NULL DEFAULT 'active',
    notes text,
    credit_limit numeric(12, 2),
    last_login timestamp,
    deleted_at timestamptz
);
CREATE UNIQUE INDEX customers_email_uq ON customers (email);
CREATE VIEW active_customers AS SELECT id, email, full_name FROM customers WHERE deleted_at IS NULL;

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL,
    ref_no integer,
    warehouse_id integer,
    state text NOT NULL DEFAULT 'new',
    coupon text,
    total numeric(12, 2) NOT NULL,
    placed_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
CREATE INDEX orders_customer_idx ON orders (customer_id);
CREATE INDEX orders_state_idx ON orders (state);

CREATE TABLE order_items (
    order_id bigint NOT NULL REFERENCES orders (id),
    product_id integer NOT NULL REFERENCES products (id),
    qty smallint NOT NULL,
    unit_price numeric(10, 2) NOT NULL,
    PRIMARY KEY (order_id, product_id)
);
CREATE INDEX order_items_product_idx ON order_items (product_id);

CREATE MATERIALIZED VIEW daily_sales AS
    SELECT placed_at::date AS day, sum(total) AS total FROM orders GROUP BY 1;
CREATE UNIQUE INDEX daily_sales_day_uq ON daily_sales (day);

CREATE TABLE sessions (
    token uuid NOT NULL,
    data jsonb,
    expires_at timestamptz NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (token)
);

CREATE TABLE bookings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    room integer NOT NULL,
    during tstzrange NOT NULL
);

CREATE TABLE audit_log (
    id bigint NOT NULL,
    action text NOT NULL,
    payload json,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE audit_log_archive (LIKE audit_log);

CREATE TABLE imports (
    import_ref bigint,
    region_code text,
    source_net cidr,
    CONSTRAINT imports_region_present CHECK (region_code IS NOT NULL)
);

CREATE TABLE alembic_version (
    version_num varchar(32) PRIMARY KEY
);
