-- A multi-tenant service of 300 tables: twenty of the product, a dozen of them large, and 280 of its modules, mostly small. Tenants are uneven, columns
-- correlated, and the schema uses what PostgreSQL has: enums, domains, ranges, arrays, jsonb, generated columns, partial, unique, expression, covering,
-- GIN, GiST, hash and BRIN indexes, extended statistics, views and a materialized view. The same rows each time.
SELECT setseed(0.31);
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
CREATE SCHEMA app;
CREATE SCHEMA modules;
CREATE SCHEMA "Archive";
SET search_path = app, public;

CREATE TYPE ticket_status AS ENUM ('new', 'open', 'waiting', 'solved', 'closed');
CREATE TYPE plan AS ENUM ('free', 'team', 'business', 'enterprise');
CREATE TYPE address AS (street text, city text, country char(2));
CREATE DOMAIN email AS text CHECK (VALUE ~ '@');
CREATE DOMAIN money_cents AS bigint CHECK (VALUE >= 0);

CREATE TABLE tenants (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    plan plan NOT NULL,
    seats integer NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}',
    billing address,
    created_at timestamptz NOT NULL,
    suspended_at timestamptz
);
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES tenants,
    email email NOT NULL,
    name text NOT NULL,
    roles text[] NOT NULL,
    is_active boolean NOT NULL,
    locale varchar(5) NOT NULL,
    time_zone text NOT NULL,
    last_seen_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE TABLE teams (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id integer NOT NULL REFERENCES tenants, name text NOT NULL, UNIQUE (tenant_id, name));
CREATE TABLE team_members (team_id integer REFERENCES teams, user_id bigint REFERENCES users, since date NOT NULL, PRIMARY KEY (team_id, user_id));
CREATE TABLE contacts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES tenants,
    email email NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    full_name text GENERATED ALWAYS AS (first_name || ' ' || last_name) STORED,
    city text NOT NULL,
    country char(2) NOT NULL,
    tags text[] NOT NULL,
    attributes jsonb NOT NULL,
    score real NOT NULL,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE TABLE tickets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES tenants,
    number integer NOT NULL,
    contact_id bigint NOT NULL REFERENCES contacts,
    assignee_id bigint REFERENCES users,
    team_id integer REFERENCES teams,
    status ticket_status NOT NULL,
    priority smallint NOT NULL,
    channel text NOT NULL,
    subject text NOT NULL,
    tags text[] NOT NULL,
    search tsvector GENERATED ALWAYS AS (to_tsvector('english', subject)) STORED,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    solved_at timestamptz,
    due tstzrange
);
CREATE TABLE messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL,
    ticket_id bigint NOT NULL REFERENCES tickets,
    author_id bigint,
    is_internal boolean NOT NULL,
    body text NOT NULL,
    size_bytes integer NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE attachments (
    id uuid PRIMARY KEY,
    message_id bigint NOT NULL REFERENCES messages,
    file_name text NOT NULL,
    kind text NOT NULL,
    bytes bigint NOT NULL
);
CREATE TABLE ticket_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL,
    ticket_id bigint NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    at timestamptz NOT NULL
);
CREATE TABLE products (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id integer NOT NULL REFERENCES tenants, sku text NOT NULL, name text NOT NULL, price money_cents NOT NULL, UNIQUE (tenant_id, sku));
CREATE TABLE subscriptions (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES tenants,
    contact_id bigint NOT NULL REFERENCES contacts,
    product_id integer NOT NULL REFERENCES products,
    validity daterange NOT NULL,
    is_trial boolean NOT NULL,
    EXCLUDE USING gist (contact_id WITH =, product_id WITH =, validity WITH &&)
);
CREATE TABLE invoices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES tenants,
    contact_id bigint NOT NULL REFERENCES contacts,
    number text NOT NULL,
    state text NOT NULL,
    net money_cents NOT NULL,
    vat numeric(5, 2) NOT NULL,
    gross numeric GENERATED ALWAYS AS (net * (1 + vat / 100)) STORED,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    paid_on date,
    UNIQUE (tenant_id, number)
);
CREATE TABLE invoice_lines (invoice_id bigint NOT NULL REFERENCES invoices, line smallint NOT NULL, product_id integer NOT NULL REFERENCES products, quantity integer NOT NULL, amount money_cents NOT NULL, PRIMARY KEY (invoice_id, line));
CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY,
    tenant_id integer NOT NULL,
    actor_id bigint,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id bigint NOT NULL,
    address inet NOT NULL,
    at timestamptz NOT NULL
);
CREATE TABLE sessions (token text PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, expires_at timestamptz NOT NULL, device jsonb NOT NULL);
CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, queue text NOT NULL, state text NOT NULL, run_at timestamptz NOT NULL, attempts smallint NOT NULL, arguments jsonb NOT NULL);
CREATE TABLE rooms (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE bookings (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, room_id integer NOT NULL REFERENCES rooms, tenant_id integer NOT NULL, during tstzrange NOT NULL);
CREATE TABLE "Archive"."Old Tickets" ("Id" bigint PRIMARY KEY, "Tenant" integer NOT NULL, "Closed" date NOT NULL, "Subject" text);
CREATE TABLE currencies (code char(3) PRIMARY KEY, name text NOT NULL);

INSERT INTO tenants (slug, plan, seats, settings, billing, created_at, suspended_at)
SELECT 'tenant-' || n, CASE WHEN n <= 4 THEN 'enterprise' WHEN n % 9 = 0 THEN 'business' WHEN n % 3 = 0 THEN 'team' ELSE 'free' END::plan, 2 + 600 / n,
       jsonb_build_object('locale', (ARRAY['en', 'de', 'fr'])[1 + n % 3], 'beta', n % 10 = 0), ROW ('Street ' || n, 'City ' || n % 20, 'DE')::address, timestamptz '2022-01-01 00:00:00+00' + n * interval '4 days',
       CASE WHEN n % 23 = 0 THEN timestamptz '2026-01-01 00:00:00+00' END
FROM generate_series(1, 300) AS n;
INSERT INTO users (tenant_id, email, name, roles, is_active, locale, time_zone, last_seen_at, created_at)
SELECT tenant, 'User.' || n || '@' || 'tenant-' || tenant || '.example', 'User ' || n, CASE WHEN n % 40 = 0 THEN ARRAY['admin', 'agent'] WHEN n % 7 = 0 THEN ARRAY['agent', 'editor'] ELSE ARRAY['agent'] END,
       random() < 0.85, CASE WHEN tenant % 3 = 1 THEN 'de' ELSE (ARRAY['en', 'en', 'fr', 'es'])[1 + n % 4] END, CASE WHEN tenant % 3 = 1 THEN 'Europe/Berlin' ELSE (ARRAY['UTC', 'America/New_York', 'Europe/Paris'])[1 + n % 3] END,
       CASE WHEN random() < 0.9 THEN timestamptz '2026-06-30 00:00:00+00' - power(random(), 4) * interval '700 days' END, timestamptz '2022-01-01 00:00:00+00' + n * interval '1 hour'
FROM (SELECT n, 1 + floor(power(random(), 3) * 300)::integer AS tenant FROM generate_series(1, 20000) AS n OFFSET 0) AS drawn;
INSERT INTO teams (tenant_id, name) SELECT t, 'Team ' || n FROM generate_series(1, 300) AS t, generate_series(1, 4) AS n;
INSERT INTO team_members SELECT (tenant_id - 1) * 4 + 1 + id % 4, id, created_at::date FROM users WHERE is_active;
INSERT INTO contacts (tenant_id, email, first_name, last_name, city, country, tags, attributes, score, deleted_at, created_at)
SELECT tenant, CASE WHEN n % 3 = 0 THEN 'C' ELSE 'c' END || n || '@' || (ARRAY['mail', 'post', 'work', 'home'])[1 + n % 4] || '.example', 'First' || n % 300, 'Last' || floor(power(random(), 2) * 4000),
       (ARRAY['Berlin', 'Hamburg', 'Paris', 'Lyon', 'London', 'Leeds', 'New York', 'Boston', 'Madrid', 'Rome'])[place], (ARRAY['DE', 'DE', 'FR', 'FR', 'GB', 'GB', 'US', 'US', 'ES', 'IT'])[place],
       CASE WHEN n % 5 = 0 THEN ARRAY['vip'] ELSE '{}' END || ARRAY['tag-' || floor(power(random(), 3) * 60), 'src-' || n % 9],
       jsonb_build_object('plan', (ARRAY['basic', 'plus', 'pro'])[1 + n % 3], 'age', 18 + floor(random() * 60), 'crm', jsonb_build_object('id', n % 5000, 'stage', (ARRAY['lead', 'won', 'lost'])[1 + n % 3])),
       power(random(), 2) * 100, CASE WHEN random() < 0.06 THEN timestamptz '2026-03-01 00:00:00+00' + random() * interval '100 days' END, timestamptz '2023-01-01 00:00:00+00' + n * interval '15 minutes'
FROM (SELECT n, 1 + floor(power(random(), 3) * 300)::integer AS tenant, 1 + floor(power(random(), 1.7) * 10)::integer AS place FROM generate_series(1, 80000) AS n OFFSET 0) AS drawn;
INSERT INTO tickets (tenant_id, number, contact_id, assignee_id, team_id, status, priority, channel, subject, tags, created_at, updated_at, solved_at, due)
SELECT tenant_id, n / 100, contact, CASE WHEN random() < 0.8 THEN 1 + floor(power(random(), 2) * 20000)::bigint END, CASE WHEN random() < 0.5 THEN (tenant_id - 1) * 4 + 1 + n % 4 END,
       CASE WHEN n < 130000 THEN CASE WHEN random() < 0.9 THEN 'closed' ELSE 'solved' END ELSE (ARRAY['new', 'open', 'open', 'waiting', 'solved'])[1 + floor(random() * 5)::integer] END::ticket_status,
       CASE WHEN random() < 0.05 THEN 1 WHEN random() < 0.3 THEN 2 ELSE 3 END, (ARRAY['mail', 'mail', 'mail', 'chat', 'phone', 'web'])[1 + floor(random() * 6)::integer],
       (ARRAY['Cannot log in', 'Invoice is wrong', 'Feature request', 'Slow dashboard', 'Import fails', 'Password reset', 'Refund please'])[1 + floor(power(random(), 1.5) * 7)::integer] || ' for order ' || n * 37 % 99991,
       ARRAY['t' || floor(power(random(), 4) * 200)], created, created + power(random(), 3) * interval '30 days', CASE WHEN n < 130000 THEN created + power(random(), 3) * interval '30 days' END,
       CASE WHEN n % 4 = 0 THEN tstzrange(created, created + interval '3 days') END
FROM (SELECT n, timestamptz '2024-01-01 00:00:00+00' + n * interval '8 minutes' AS created, 1 + floor(power(random(), 1.5) * 80000)::bigint AS contact FROM generate_series(1, 150000) AS n OFFSET 0) AS drawn JOIN contacts ON contacts.id = contact
ORDER BY n;
INSERT INTO messages (tenant_id, ticket_id, author_id, is_internal, body, size_bytes, created_at)
SELECT t.tenant_id, t.id, CASE WHEN m % 2 = 0 THEN t.assignee_id END, random() < 0.15, 'Message ' || m || ' about ' || t.subject || repeat(' and so on', (t.id % 12)::integer), 100 + floor(power(random(), 5) * 90000), t.created_at + m * interval '5 hours'
FROM tickets AS t, generate_series(1, 6) AS m WHERE m <= 1 + t.id % 5 ORDER BY t.id, m;
INSERT INTO attachments SELECT md5(id::text)::uuid, id, 'file-' || id || CASE WHEN id % 3 = 0 THEN '.pdf' ELSE '.png' END, CASE WHEN id % 3 = 0 THEN 'document' ELSE 'image' END, floor(power(random(), 6) * 10000000) FROM messages WHERE id % 11 = 0;
INSERT INTO ticket_events (tenant_id, ticket_id, kind, payload, at)
SELECT tenant_id, id, (ARRAY['created', 'assigned', 'status', 'merged'])[CASE WHEN k = 4 AND id % 50 > 0 THEN 3 ELSE k END], jsonb_build_object('by', assignee_id, 'to', status, 'n', k), created_at + k * interval '3 hours'
FROM tickets, generate_series(1, 4) AS k WHERE k <= 1 + id % 4 ORDER BY created_at + k * interval '3 hours';
INSERT INTO products (tenant_id, sku, name, price) SELECT t, 'SKU-' || n, 'Product ' || n, 500 + n * n * 17 % 90000 FROM generate_series(1, 300) AS t, generate_series(1, 8) AS n;
INSERT INTO subscriptions (tenant_id, contact_id, product_id, validity, is_trial)
SELECT tenant_id, id, (tenant_id - 1) * 8 + 1 + id % 8, daterange(created_at::date, CASE WHEN id % 3 > 0 THEN created_at::date + 30 + (id % 700)::integer END), id % 17 = 0 FROM contacts WHERE id % 4 = 0;
INSERT INTO invoices (tenant_id, contact_id, number, state, net, vat, issued_on, due_on, paid_on)
SELECT tenant_id, id, 'R-' || id || '-' || k, CASE WHEN k < 3 OR random() < 0.9 THEN 'paid' WHEN random() < 0.5 THEN 'open' ELSE 'overdue' END, floor(power(random(), 4) * 500000), (ARRAY[19, 19, 7, 20])[1 + (id % 4)::integer],
       created_at::date + k * 30, created_at::date + k * 30 + 14, CASE WHEN k < 3 THEN created_at::date + k * 30 + floor(random() * 20)::integer END
FROM contacts, generate_series(1, 3) AS k WHERE id % 2 = 0 ORDER BY created_at::date + k * 30, id;
INSERT INTO invoice_lines SELECT id, line, (tenant_id - 1) * 8 + 1 + (id + line) % 8, 1 + line % 5, net / 3 FROM invoices, generate_series(1, 3) AS line WHERE line <= 1 + id % 3;
INSERT INTO audit_log (tenant_id, actor_id, action, object_type, object_id, address, at)
SELECT 1 + floor(power(random(), 3) * 300)::integer, CASE WHEN random() < 0.95 THEN 1 + floor(power(random(), 2) * 20000)::bigint END, (ARRAY['read', 'read', 'read', 'update', 'create', 'delete'])[1 + floor(power(random(), 1.5) * 6)::integer],
       (ARRAY['ticket', 'contact', 'invoice', 'user'])[1 + floor(power(random(), 2) * 4)::integer], 1 + floor(random() * 80000), ('10.' || n % 7 || '.' || n % 250 || '.' || n % 199)::inet, timestamptz '2026-01-01 00:00:00+00' + n * interval '1 minute'
FROM generate_series(1, 260000) AS n;
INSERT INTO sessions SELECT md5(n::text || 'x'), 1 + floor(power(random(), 2) * 20000)::bigint, timestamptz '2026-06-30 00:00:00+00' + n * interval '2 minutes', jsonb_build_object('os', (ARRAY['ios', 'android', 'web'])[1 + n % 3]) FROM generate_series(1, 30000) AS n;
INSERT INTO jobs (queue, state, run_at, attempts, arguments)
SELECT (ARRAY['mail', 'mail', 'export', 'sync'])[1 + n % 4], CASE WHEN n > 119500 THEN 'queued' WHEN random() < 0.01 THEN 'failed' ELSE 'done' END, timestamptz '2026-06-01 00:00:00+00' + n * interval '20 seconds', 1 + floor(power(random(), 6) * 9)::integer, jsonb_build_object('id', n)
FROM generate_series(1, 120000) AS n;
INSERT INTO rooms SELECT n, 'Room ' || n FROM generate_series(1, 40) AS n;
INSERT INTO bookings (room_id, tenant_id, during) SELECT 1 + n % 40, 1 + n % 300, tstzrange(timestamptz '2026-01-01 00:00:00+00' + n / 40 * interval '2 hours', timestamptz '2026-01-01 00:00:00+00' + n / 40 * interval '2 hours' + (1 + n % 2) * interval '1 hour') FROM generate_series(1, 24000) AS n;
INSERT INTO "Archive"."Old Tickets" SELECT n, 1 + n % 97, date '2020-01-01' + n / 30, 'Old ' || n FROM generate_series(1, 40000) AS n;
INSERT INTO currencies VALUES ('EUR', 'Euro'), ('USD', 'Dollar'), ('GBP', 'Pound');

CREATE UNIQUE INDEX users_email_key ON users (tenant_id, lower(email));
CREATE INDEX users_seen ON users (last_seen_at DESC NULLS LAST) WHERE is_active;
CREATE INDEX users_roles ON users USING gin (roles);
CREATE UNIQUE INDEX contacts_email_key ON contacts (tenant_id, lower(email)) WHERE deleted_at IS NULL;
CREATE INDEX contacts_created ON contacts (tenant_id, created_at DESC);
CREATE INDEX contacts_name_trgm ON contacts USING gin (full_name gin_trgm_ops);
CREATE INDEX contacts_tags ON contacts USING gin (tags);
CREATE INDEX contacts_crm ON contacts (((attributes -> 'crm' ->> 'id')::integer));
CREATE UNIQUE INDEX tickets_number ON tickets (tenant_id, number, id);
CREATE INDEX tickets_open ON tickets (tenant_id, priority, created_at DESC) WHERE status IN ('new', 'open', 'waiting');
CREATE INDEX tickets_contact ON tickets (contact_id);
CREATE INDEX tickets_assignee ON tickets (assignee_id) WHERE assignee_id IS NOT NULL;
CREATE INDEX tickets_search ON tickets USING gin (search);
CREATE INDEX tickets_due ON tickets USING gist (due);
CREATE INDEX messages_ticket ON messages (ticket_id, created_at) INCLUDE (is_internal);
CREATE INDEX messages_created ON messages USING brin (created_at);
CREATE INDEX attachments_message ON attachments USING hash (message_id);
CREATE INDEX events_ticket ON ticket_events (ticket_id);
CREATE INDEX events_at ON ticket_events (at);
CREATE INDEX invoices_unpaid ON invoices (tenant_id, due_on) WHERE paid_on IS NULL;
CREATE INDEX invoices_contact ON invoices (contact_id);
CREATE INDEX invoices_month ON invoices (tenant_id, date_trunc('month', issued_on::timestamp));
CREATE INDEX audit_at ON audit_log USING brin (at);
CREATE INDEX audit_object ON audit_log (object_type, object_id);
CREATE INDEX sessions_user ON sessions (user_id, expires_at);
CREATE INDEX jobs_queued ON jobs (queue, run_at) WHERE state = 'queued';
CREATE INDEX bookings_room ON bookings USING gist (room_id, during);
CREATE STATISTICS contacts_place (dependencies, ndistinct, mcv) ON city, country FROM contacts;
CREATE STATISTICS users_locale (dependencies, mcv) ON locale, time_zone FROM users;
CREATE STATISTICS audit_what (mcv) ON action, object_type FROM audit_log;
CREATE STATISTICS invoices_terms (ndistinct) ON tenant_id, issued_on, due_on FROM invoices;
CREATE STATISTICS contacts_name ON lower(email) FROM contacts;
CREATE VIEW open_tickets AS
SELECT t.id, t.tenant_id, t.number, t.subject, t.priority, t.created_at, c.full_name, u.name AS assignee
FROM tickets AS t JOIN contacts AS c ON c.id = t.contact_id LEFT JOIN users AS u ON u.id = t.assignee_id WHERE t.status IN ('new', 'open', 'waiting') AND c.deleted_at IS NULL;
CREATE MATERIALIZED VIEW tenant_usage AS
SELECT tenant_id, date_trunc('month', created_at, 'UTC') AS month, count(*) AS tickets, count(DISTINCT contact_id) AS contacts FROM tickets GROUP BY 1, 2;
CREATE UNIQUE INDEX tenant_usage_key ON tenant_usage (tenant_id, month);

-- Seventy modules of four tables: settings (one row a tenant), items, their notes, and links; sizes fall off quickly.
DO $$
DECLARE
    m integer;
    name text;
    items integer;
BEGIN
    FOR m IN 1..70 LOOP
        name := 'modules.m' || lpad(m::text, 2, '0');
        items := CASE WHEN m % 12 = 0 THEN 0 WHEN m <= 3 THEN 20000 / m ELSE 1500 / m END;
        EXECUTE format('CREATE TABLE %1$s_settings (tenant_id integer PRIMARY KEY REFERENCES app.tenants, is_enabled boolean NOT NULL, options jsonb NOT NULL)', name);
        EXECUTE format('CREATE TABLE %1$s_items (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id integer NOT NULL REFERENCES app.tenants, title varchar(80) NOT NULL, '
                       'state text NOT NULL, rank integer, amount numeric(12, 2), created_at timestamptz NOT NULL, CHECK (rank >= 0))', name);
        EXECUTE format('CREATE TABLE %1$s_notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, item_id bigint NOT NULL REFERENCES %1$s_items ON DELETE CASCADE, author_id bigint, body text NOT NULL)', name);
        EXECUTE format('CREATE TABLE %1$s_links (item_id bigint REFERENCES %1$s_items, ticket_id bigint REFERENCES app.tickets, PRIMARY KEY (item_id, ticket_id))', name);
        EXECUTE format('INSERT INTO %1$s_settings SELECT id, id %% (2 + %2$s %% 5) > 0, jsonb_build_object(''level'', id %% 4) FROM app.tenants WHERE id %% (1 + %2$s %% 7) = 0', name, m);
        EXECUTE format('INSERT INTO %1$s_items (tenant_id, title, state, rank, amount, created_at) SELECT 1 + floor(power(random(), 3) * 300)::integer, ''Item '' || n, (ARRAY[''draft'', ''live'', ''live'', ''gone''])[1 + floor(random() * 4)::integer], '
                       'CASE WHEN random() < 0.7 THEN floor(random() * 100)::integer END, round((random() * 900)::numeric, 2), timestamptz ''2025-01-01 00:00:00+00'' + n * interval ''30 minutes'' FROM generate_series(1, %2$s) AS n', name, items);
        EXECUTE format('INSERT INTO %1$s_notes (item_id, author_id, body) SELECT id, id %% 200, ''Note '' || k FROM %1$s_items, generate_series(1, 3) AS k WHERE k <= id %% 4', name);
        EXECUTE format('INSERT INTO %1$s_links SELECT id, 1 + id * 31 %% 150000 FROM %1$s_items WHERE id %% 2 = 0', name);
        EXECUTE format('CREATE INDEX ON %1$s_items (tenant_id, created_at)', name);
        EXECUTE format('CREATE INDEX ON %1$s_notes (item_id)', name);
        IF m % 3 = 0 THEN
            EXECUTE format('CREATE INDEX ON %1$s_items (state) WHERE state <> ''gone''', name);
        END IF;
        IF m % 4 = 0 THEN
            EXECUTE format('CREATE INDEX ON %1$s_items (lower(title))', name);
        END IF;
        IF m % 5 = 0 THEN
            EXECUTE format('CREATE STATISTICS ON state, rank FROM %1$s_items', name);
        END IF;
    END LOOP;
END
$$;
