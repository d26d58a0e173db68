-- Fills the schema with the same rows each time: 20 organizations, 400 users, 600 projects, 60,000 tasks, 150,000 comments, 20,000 attachments.
-- Run it as the owner of the tables, on an empty schema, in one transaction (psql -1 -f seed.sql). A few seconds.
-- Sizes are uneven, as they are in life: organization 1 has about a third of everything.
SELECT setseed(0.42);

-- The owner obeys the policies too (FORCE), and the seed writes for all tenants.
ALTER TABLE organizations NO FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships NO FORCE ROW LEVEL SECURITY;
ALTER TABLE projects NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
ALTER TABLE comments NO FORCE ROW LEVEL SECURITY;
ALTER TABLE attachments NO FORCE ROW LEVEL SECURITY;
ALTER TABLE task_watchers NO FORCE ROW LEVEL SECURITY;

INSERT INTO organizations (name, slug, plan, created_at)
SELECT 'Organization ' || n, 'org-' || n, (ARRAY['free', 'team', 'business'])[1 + n % 3], timestamptz '2024-01-01 00:00:00+00' + n * interval '9 days'
FROM generate_series(1, 20) AS n;

INSERT INTO users (email, display_name, last_seen_at)
SELECT 'user' || n || '@example.com', 'User ' || n, timestamptz '2026-10-31 00:00:00+00' - random() * interval '60 days'
FROM generate_series(1, 400) AS n;

-- Twenty members in each organization.
INSERT INTO memberships (organization_id, user_id, role)
SELECT o, u, CASE WHEN m = 1 THEN 'owner' WHEN m <= 3 THEN 'admin' WHEN m = 20 THEN 'guest' ELSE 'member' END
FROM (SELECT o, m, (o - 1) * 20 + m AS u FROM generate_series(1, 20) AS o, generate_series(1, 20) AS m) AS pairs;

INSERT INTO projects (organization_id, lead_id, key, name, status, budget, starts_on, ends_on, deleted_at)
SELECT o, (o - 1) * 20 + 1 + n % 20, 'P' || n, 'Project ' || n, (ARRAY['planned', 'active', 'active', 'on_hold', 'done'])[1 + n % 5],
       round((random() * 100000)::numeric, 2), date '2025-01-01' + n, date '2025-06-01' + n,
       CASE WHEN n % 20 = 0 THEN timestamptz '2026-09-01 00:00:00+00' END
FROM (SELECT n, CASE WHEN n % 3 = 0 THEN 1 ELSE 1 + n % 20 END AS o FROM generate_series(1, 600) AS n) AS numbered;

-- A hundred tasks in each project, numbered from 1; three of four are done.
INSERT INTO tasks (organization_id, project_id, parent_id, assignee_id, number, title, body, status, priority, estimate_hours, due_on, completed_at,
                   created_at, deleted_at)
SELECT organization_id, project_id, NULL, CASE WHEN number % 5 > 0 THEN (organization_id - 1) * 20 + 1 + (random() * 19)::integer END,
       number, 'Task ' || number || ' of project ' || project_id, repeat('What has to be done, and why. ', 1 + number % 8),
       CASE WHEN is_done THEN 'done' ELSE (ARRAY['todo', 'doing', 'review', 'cancelled'])[1 + number % 4] END,
       1 + number % 5, round((random() * 40)::numeric, 2), created_at::date + 14,
       CASE WHEN is_done THEN created_at + random() * interval '20 days' END, created_at,
       CASE WHEN number % 50 = 0 THEN created_at + interval '30 days' END
FROM (
    SELECT p.organization_id, p.id AS project_id, number, number % 4 > 0 AS is_done,
           timestamptz '2024-11-01 00:00:00+00' + random() * interval '700 days' AS created_at
    FROM projects AS p, generate_series(1, 100) AS number
    ORDER BY p.id, number
) AS drafted;

INSERT INTO comments (organization_id, task_id, author_id, body, created_at)
SELECT t.organization_id, t.id, (t.organization_id - 1) * 20 + 1 + (random() * 19)::integer, 'Comment ' || n || '. ' || repeat('More of it. ', 1 + n % 10),
       t.created_at + n * interval '7 hours'
FROM tasks AS t, generate_series(1, 5) AS n
WHERE n <= t.id % 6
ORDER BY t.id, n;

INSERT INTO attachments (organization_id, task_id, uploader_id, file_name, content_type, byte_size, storage_key, created_at)
SELECT t.organization_id, t.id, t.assignee_id, 'file-' || t.id || '.pdf', 'application/pdf', 1000 + (random() * 5000000)::bigint,
       'objects/' || md5(t.id::text), t.created_at + interval '1 day'
FROM tasks AS t
WHERE t.id % 3 = 0;

INSERT INTO task_watchers (organization_id, task_id, watcher_id, muted, created_at)
SELECT t.organization_id, t.id, t.assignee_id, t.id % 10 = 0, t.created_at
FROM tasks AS t
WHERE t.assignee_id IS NOT NULL AND t.id % 2 = 0;

ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE projects FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE comments FORCE ROW LEVEL SECURITY;
ALTER TABLE attachments FORCE ROW LEVEL SECURITY;
ALTER TABLE task_watchers FORCE ROW LEVEL SECURITY;

ANALYZE organizations, users, memberships, projects, tasks, comments, attachments, task_watchers;
