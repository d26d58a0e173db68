-- The shop's database before any of the cases' migrations. PostgreSQL 17.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE SCHEMA billing;
CREATE SCHEMA warehouse;
CREATE SCHEMA chat;
CREATE SCHEMA reporting;

-- public
CREATE TABLE public.shops (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    country text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE public.customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES public.shops,
    email text NOT NULL,
    full_name text NOT NULL,
    phone text,
    newsletter boolean NOT NULL DEFAULT false,
    last_seen_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE UNIQUE INDEX customers_shop_id_lower_email_key ON public.customers (shop_id, lower(email)) WHERE deleted_at IS NULL;
CREATE TABLE public.categories (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id bigint REFERENCES public.categories,
    name text NOT NULL
);
CREATE INDEX categories_parent_id_idx ON public.categories (parent_id);
CREATE TABLE public.products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES public.shops,
    category_id bigint REFERENCES public.categories,
    sku text NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    price numeric(14,4) NOT NULL,
    currency text NOT NULL,
    weight_grams integer,
    attributes jsonb NOT NULL DEFAULT '{}',
    search tsvector GENERATED ALWAYS AS (to_tsvector('simple', sku || ' ' || name || ' ' || description)) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CONSTRAINT products_shop_id_sku_key UNIQUE (shop_id, sku)
);
CREATE INDEX products_search_idx ON public.products USING gin (search);
CREATE INDEX products_category_id_idx ON public.products (category_id);
CREATE TABLE public.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES public.shops,
    customer_id bigint NOT NULL REFERENCES public.customers,
    status text NOT NULL DEFAULT 'open',
    total numeric(14,4) NOT NULL,
    currency text NOT NULL DEFAULT 'EUR',
    coupon_code text,
    channel text,
    metadata jsonb NOT NULL DEFAULT '{}',
    placed_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT orders_status_check CHECK (status IN ('open', 'paid', 'picking', 'shipped', 'delivered', 'cancelled'))
);
CREATE INDEX orders_customer_id_idx ON public.orders (customer_id);
CREATE INDEX orders_customer_id_placed_at_idx ON public.orders (customer_id, placed_at);
CREATE INDEX orders_shop_id_placed_at_idx ON public.orders (shop_id, placed_at);
CREATE INDEX orders_open_idx ON public.orders (shop_id, placed_at) WHERE status IN ('open', 'paid', 'picking');
CREATE TABLE public.order_items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL,
    product_id bigint NOT NULL REFERENCES public.products,
    quantity integer NOT NULL,
    unit_price numeric(14,4) NOT NULL,
    gift_note text
);
CREATE INDEX order_items_order_id_idx ON public.order_items (order_id);
CREATE TABLE public.carts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES public.shops,
    customer_id bigint REFERENCES public.customers,
    token text NOT NULL UNIQUE,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE public.cart_items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cart_id bigint NOT NULL REFERENCES public.carts ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES public.products,
    quantity integer NOT NULL
);
CREATE INDEX cart_items_cart_id_idx ON public.cart_items (cart_id);
CREATE TABLE public.reviews (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL REFERENCES public.products,
    customer_id bigint NOT NULL REFERENCES public.customers,
    stars smallint NOT NULL,
    body text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX reviews_product_id_idx ON public.reviews (product_id);
CREATE TABLE public.coupons (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES public.shops,
    code text NOT NULL,
    percent_off numeric(5,2),
    valid_until date
);
CREATE TABLE public.audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text NOT NULL,
    row_id bigint NOT NULL,
    actor text,
    change jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE public.webhook_outbox_a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload jsonb NOT NULL, sent_at timestamptz);
CREATE TABLE public.webhook_outbox_b (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload jsonb NOT NULL, sent_at timestamptz);

-- billing
CREATE TABLE billing.tax_rates (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    country text NOT NULL,
    rate numeric(7,4) NOT NULL,
    valid_from date NOT NULL
);
CREATE TABLE billing.invoices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES public.shops,
    customer_id bigint NOT NULL REFERENCES public.customers,
    order_id bigint REFERENCES public.orders,
    number text NOT NULL,
    issued_at timestamptz,
    due_on date,
    total numeric(14,4) NOT NULL,
    currency text NOT NULL,
    cost_centre text,
    CONSTRAINT invoices_shop_id_number_key UNIQUE (shop_id, number)
);
CREATE INDEX invoices_shop_id_issued_at_idx ON billing.invoices (shop_id, issued_at);
CREATE TABLE billing.invoice_lines (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id bigint NOT NULL REFERENCES billing.invoices,
    tax_rate_id integer NOT NULL REFERENCES billing.tax_rates,
    description text NOT NULL,
    amount numeric(14,4) NOT NULL
);
CREATE INDEX invoice_lines_invoice_id_idx ON billing.invoice_lines (invoice_id);
CREATE TABLE billing.payments (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES public.shops,
    invoice_id bigint NOT NULL REFERENCES billing.invoices,
    provider text NOT NULL,
    provider_reference text,
    amount numeric(14,4) NOT NULL,
    currency text NOT NULL,
    paid_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX payments_invoice_id_idx ON billing.payments (invoice_id);

-- warehouse
CREATE TABLE warehouse.locations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    zone text NOT NULL
);
CREATE TABLE warehouse.stock_levels (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL REFERENCES public.products,
    location_id bigint NOT NULL REFERENCES warehouse.locations,
    on_hand integer NOT NULL DEFAULT 0,
    reserved integer NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
CREATE UNIQUE INDEX stock_levels_product_id_location_id_key ON warehouse.stock_levels (product_id, location_id);
CREATE TABLE warehouse.stock_movements (
    id bigint GENERATED ALWAYS AS IDENTITY,
    product_id bigint NOT NULL,
    location_id bigint NOT NULL,
    delta integer NOT NULL,
    reason text NOT NULL,
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (id, moved_at)
) PARTITION BY RANGE (moved_at);
CREATE TABLE warehouse.stock_movements_2026_10 PARTITION OF warehouse.stock_movements FOR VALUES FROM ('2026-10-01') TO ('2026-11-01');
CREATE TABLE warehouse.stock_movements_2026_11 PARTITION OF warehouse.stock_movements FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');
CREATE TABLE warehouse.shipments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL,
    carrier text NOT NULL,
    tracking_code text,
    shipped_at timestamptz,
    delivered_at timestamptz
);
CREATE INDEX shipments_order_id_idx ON warehouse.shipments (order_id);
CREATE TABLE warehouse.scans (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shipment_id bigint NOT NULL REFERENCES warehouse.shipments,
    device text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX scans_shipment_id_idx ON warehouse.scans (shipment_id);
CREATE TABLE warehouse.pick_lists (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES public.orders,
    picker text,
    state text NOT NULL DEFAULT 'waiting',
    released_at timestamptz,
    finished_at timestamptz
);

-- chat
CREATE TABLE chat.conversations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL REFERENCES public.shops,
    customer_id bigint NOT NULL REFERENCES public.customers,
    subject text,
    last_message_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conversations_shop_id_last_message_at_idx ON chat.conversations (shop_id, last_message_at);
CREATE TABLE chat.messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL REFERENCES chat.conversations,
    sender text NOT NULL,
    body text NOT NULL,
    read_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX messages_conversation_id_created_at_idx ON chat.messages (conversation_id, created_at);
CREATE TABLE chat.attachments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id bigint NOT NULL REFERENCES chat.messages,
    file_name text NOT NULL,
    bytes bigint NOT NULL,
    storage_key text NOT NULL
);
CREATE INDEX attachments_message_id_idx ON chat.attachments (message_id);

-- reporting
CREATE TABLE reporting.events (
    id bigint GENERATED ALWAYS AS IDENTITY,
    shop_id bigint NOT NULL,
    kind text NOT NULL,
    visitor text,
    payload jsonb NOT NULL DEFAULT '{}',
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (id, occurred_at)
) PARTITION BY RANGE (occurred_at);
CREATE TABLE reporting.events_20261121 PARTITION OF reporting.events FOR VALUES FROM ('2026-11-21') TO ('2026-11-22');
CREATE TABLE reporting.events_20261122 PARTITION OF reporting.events FOR VALUES FROM ('2026-11-22') TO ('2026-11-23');
CREATE INDEX events_shop_id_kind_idx ON reporting.events (shop_id, kind);
CREATE MATERIALIZED VIEW reporting.daily_sales AS
    SELECT shop_id, date_trunc('day', placed_at AT TIME ZONE 'UTC')::date AS day, count(*) AS orders, sum(total) AS revenue
    FROM public.orders WHERE status <> 'cancelled' GROUP BY 1, 2;
CREATE UNIQUE INDEX daily_sales_shop_id_day_key ON reporting.daily_sales (shop_id, day);
CREATE VIEW reporting.revenue_by_shop AS
    SELECT o.shop_id, sum(p.amount) AS revenue
    FROM public.orders o JOIN billing.invoices i ON i.order_id = o.id JOIN billing.payments p ON p.invoice_id = i.id GROUP BY o.shop_id;
CREATE TABLE reporting.export_jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id bigint NOT NULL,
    kind text NOT NULL,
    state text NOT NULL DEFAULT 'queued',
    requested_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
