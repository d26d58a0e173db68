-- Multi-tenant projects and tasks: 300,000 tasks and 500,000 comments of 200 uneven tenants. Keys and foreign keys only, and four indexes that nobody
-- needs. The same rows each time.
SELECT setseed(0.11);
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gin;

CREATE TABLE tenants (id integer PRIMARY KEY, name text NOT NULL, plan text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES tenants,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    is_active boolean NOT NULL,
    last_seen_at timestamptz NOT NULL
) WITH (fillfactor = 85);
CREATE TABLE projects (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES tenants,
    name text NOT NULL,
    status text NOT NULL,
    owner_id bigint NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL
);
CREATE TABLE tasks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES tenants,
    project_id integer NOT NULL REFERENCES projects,
    assignee_id bigint REFERENCES users,
    title text NOT NULL,
    status text NOT NULL,
    priority smallint NOT NULL,
    tags text[] NOT NULL,
    attrs jsonb NOT NULL,
    due_on date,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    completed_at timestamptz,
    deleted_at timestamptz
) WITH (fillfactor = 85);
CREATE TABLE comments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL,
    task_id bigint NOT NULL REFERENCES tasks,
    author_id bigint NOT NULL REFERENCES users,
    body text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE notifications (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    kind text NOT NULL,
    task_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz
) WITH (fillfactor = 85);
CREATE TABLE activity (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL,
    actor_id bigint NOT NULL,
    object_type text NOT NULL,
    object_id bigint NOT NULL,
    action text NOT NULL,
    at timestamptz NOT NULL
);

INSERT INTO tenants SELECT n, 'Tenant ' || n, (ARRAY['free', 'team', 'business'])[1 + n % 3], timestamptz '2022-01-01 00:00:00+00' + n * interval '3 days' FROM generate_series(1, 200) AS n;
INSERT INTO users (tenant_id, email, name, role, is_active, last_seen_at)
SELECT tenant, (ARRAY['Anna', 'bert', 'Carla', 'dora', 'emil', 'Frida', 'gus', 'hanna', 'Ivo', 'jana'])[1 + n % 10] || '.' || (ARRAY['Meyer', 'smith', 'Rossi', 'lopez', 'Novak', 'berg', 'costa'])[1 + n % 7] || n || '@Tenant' || tenant || '.example',
       'User ' || n, CASE WHEN n % 50 = 0 THEN 'admin' ELSE 'member' END, random() < 0.9, timestamptz '2026-06-30 00:00:00+00' - power(random(), 3) * interval '400 days'
FROM (SELECT n, 1 + floor(power(random(), 2) * 200)::integer AS tenant FROM generate_series(1, 30000) AS n OFFSET 0) AS drawn;
INSERT INTO projects (tenant_id, name, status, owner_id, created_at)
SELECT tenant, 'Project ' || n, CASE WHEN random() < 0.6 THEN 'archived' ELSE 'active' END, 1 + floor(random() * 30000)::bigint, timestamptz '2023-01-01 00:00:00+00' + n * interval '5 hours'
FROM (SELECT n, 1 + floor(power(random(), 2) * 200)::integer AS tenant FROM generate_series(1, 5000) AS n OFFSET 0) AS drawn;
INSERT INTO tasks (tenant_id, project_id, assignee_id, title, status, priority, tags, attrs, due_on, created_at, updated_at, completed_at, deleted_at)
SELECT p.tenant_id, p.id, CASE WHEN random() < 0.85 THEN 1 + floor(power(random(), 1.5) * 30000)::bigint END,
       (ARRAY['Fix', 'Write', 'Review', 'Deploy', 'Plan', 'Test', 'Remove'])[1 + floor(random() * 7)::integer] || ' ' || (ARRAY['login', 'invoice', 'dashboard', 'export', 'search', 'billing', 'webhook', 'onboarding'])[1 + floor(power(random(), 1.5) * 8)::integer]
           || ' ' || substr(md5(n::text), 1, 7),
       CASE WHEN done THEN 'done' ELSE (ARRAY['open', 'open', 'doing', 'review'])[1 + floor(random() * 4)::integer] END, 1 + floor(random() * 4)::integer,
       CASE WHEN random() < 0.3 THEN ARRAY['bug'] ELSE '{}' END || ARRAY['area-' || floor(power(random(), 2) * 120), 'v' || n / 10000],
       jsonb_build_object('sprint', n / 1500, 'points', 1 + floor(random() * 8), 'source', (ARRAY['web', 'mail', 'api'])[1 + n % 3]) || CASE WHEN n % 4 = 0 THEN jsonb_build_object('external_id', 'EXT-' || n) ELSE '{}' END,
       CASE WHEN random() < 0.7 THEN created::date + floor(random() * 60)::integer END, created, created + random() * interval '20 days', CASE WHEN done THEN created + power(random(), 2) * interval '40 days' END,
       CASE WHEN random() < 0.05 THEN created + interval '50 days' END
FROM (SELECT n, 1 + floor(power(random(), 1.3) * 5000)::integer AS project, random() < 0.9 - 0.5 * power(n / 300000.0, 12) AS done, timestamptz '2023-07-01 00:00:00+00' + n * interval '5 minutes' AS created FROM generate_series(1, 300000) AS n OFFSET 0) AS drawn
JOIN projects AS p ON p.id = project ORDER BY n;
INSERT INTO comments (tenant_id, task_id, author_id, body, created_at)
SELECT t.tenant_id, t.id, 1 + floor(power(random(), 1.5) * 30000)::bigint,
       (ARRAY['I looked into it', 'Please have a look', 'Cannot reproduce this', 'Deployed to staging', 'Waiting for the customer'])[1 + floor(random() * 5)::integer] || ', ref ' || substr(md5((t.id * 7 + k)::text), 1, 6)
           || CASE WHEN random() < 0.004 THEN ' kubernetes rollback' WHEN random() < 0.01 THEN ' regression found' ELSE '' END || repeat(' and more', (t.id % 6)::integer), t.created_at + k * interval '9 hours'
FROM tasks AS t, generate_series(1, 4) AS k WHERE k <= t.id % 5 AND (k < 4 OR t.id % 2 = 0) ORDER BY t.created_at + k * interval '9 hours';
INSERT INTO notifications (user_id, kind, task_id, created_at, read_at)
SELECT 1 + floor(power(random(), 1.5) * 30000)::bigint, (ARRAY['mention', 'assigned', 'due', 'comment'])[1 + n % 4], 1 + floor(random() * 300000)::bigint, at, CASE WHEN random() < 0.96 THEN at + interval '1 day' END
FROM (SELECT n, timestamptz '2025-07-01 00:00:00+00' + n * interval '90 seconds' AS at FROM generate_series(1, 300000) AS n OFFSET 0) AS drawn;
INSERT INTO activity (tenant_id, actor_id, object_type, object_id, action, at)
SELECT 1 + floor(power(random(), 2) * 200)::integer, 1 + floor(power(random(), 1.5) * 30000)::bigint, (ARRAY['task', 'task', 'comment', 'project'])[1 + floor(random() * 4)::integer], 1 + floor(random() * 60000)::bigint,
       (ARRAY['create', 'update', 'update', 'delete'])[1 + floor(random() * 4)::integer], timestamptz '2025-10-01 00:00:00+00' + n * interval '1 minute'
FROM generate_series(1, 350000) AS n;

-- Needless: the primary keys of tasks and users again, the beginning of projects_tenant_created_idx, and one that nothing reads.
CREATE INDEX tasks_id_idx ON tasks (id);
CREATE UNIQUE INDEX users_id_uq ON users (id);
CREATE INDEX projects_tenant_idx ON projects (tenant_id);
CREATE INDEX projects_tenant_created_idx ON projects (tenant_id, created_at);
CREATE INDEX notifications_kind_idx ON notifications (kind);
