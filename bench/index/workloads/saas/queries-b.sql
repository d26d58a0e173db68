-- The same statements with other values, which no advisor sees: an index that fits one value only does not win here.

-- name: newest tasks of a tenant
-- weight: 120
SELECT id, title, status FROM tasks WHERE tenant_id = 44 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 20;

-- name: board of a project
-- weight: 80
SELECT id, title, priority, due_on FROM tasks WHERE project_id = 2044 AND status = 'doing' AND deleted_at IS NULL ORDER BY priority, due_on;

-- name: my open tasks
-- weight: 60
SELECT id, title, due_on FROM tasks WHERE assignee_id = 3948 AND status IN ('open', 'doing') AND deleted_at IS NULL ORDER BY due_on LIMIT 25;

-- name: overdue tasks of a tenant
-- weight: 15
SELECT id, title, due_on FROM tasks WHERE tenant_id = 31 AND status <> 'done' AND deleted_at IS NULL AND due_on < '2026-02-01' ORDER BY due_on LIMIT 50;

-- name: comments of a task
-- weight: 150
SELECT id, author_id, body, created_at FROM comments WHERE task_id = 77209 ORDER BY created_at;

-- name: what a user wrote lately
-- weight: 10
SELECT c.created_at, c.body, t.title FROM comments AS c JOIN tasks AS t ON t.id = c.task_id WHERE c.author_id = 2210 ORDER BY c.created_at DESC LIMIT 20;

-- name: sign in
-- weight: 100
SELECT id, tenant_id, name FROM users WHERE lower(email) = 'frida.costa11115@tenant141.example' AND is_active;

-- name: users whose address begins so
-- weight: 10
SELECT id, email FROM users WHERE tenant_id = 8 AND lower(email) LIKE 'jan%' ORDER BY lower(email) LIMIT 10;

-- name: tasks of a tenant by tag
-- weight: 15
SELECT id, title FROM tasks WHERE tenant_id = 12 AND tags @> ARRAY['area-90'] AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 30;

-- name: tasks of a sprint
-- weight: 10
SELECT id, title, attrs ->> 'points' FROM tasks WHERE attrs @> '{"sprint": 61, "source": "mail", "points": 5}';

-- name: task by the other system's id
-- weight: 40
SELECT id, title, status FROM tasks WHERE attrs ->> 'external_id' = 'EXT-208440';

-- name: title contains
-- weight: 6
SELECT id, title FROM tasks WHERE title ILIKE '%b91d4%' LIMIT 20;

-- name: comments about
-- weight: 2
SELECT id, task_id, body FROM comments WHERE to_tsvector('english', body) @@ to_tsquery('english', 'regression & staging') ORDER BY created_at DESC LIMIT 20;

-- name: tasks by status
-- weight: 30
SELECT status, count(*) FROM tasks WHERE tenant_id = 36 AND deleted_at IS NULL GROUP BY status;

-- name: active projects with their open tasks
-- weight: 20
SELECT p.id, p.name, count(t.id) FROM projects AS p LEFT JOIN tasks AS t ON t.project_id = p.id AND t.status = 'open' AND t.deleted_at IS NULL
WHERE p.tenant_id = 85 AND p.status = 'active' GROUP BY p.id, p.name ORDER BY p.name;

-- name: unread notifications
-- weight: 60
SELECT id, kind, task_id, created_at FROM notifications WHERE user_id = 3300 AND read_at IS NULL ORDER BY created_at DESC LIMIT 30;

-- name: count unread
-- weight: 100
SELECT count(*) FROM notifications WHERE user_id = 3301 AND read_at IS NULL;

-- name: completed in a week
-- weight: 4
SELECT assignee_id, count(*) FROM tasks WHERE tenant_id = 25 AND completed_at >= '2025-06-02' AND completed_at < '2025-06-09' GROUP BY assignee_id ORDER BY 2 DESC;

-- name: history of an object
-- weight: 15
SELECT actor_id, action, at FROM activity WHERE object_type = 'project' AND object_id = 41210 ORDER BY at DESC LIMIT 50;

-- name: activity of a day
-- weight: 2
SELECT tenant_id, action, count(*) FROM activity WHERE at >= '2026-04-21' AND at < '2026-04-22' GROUP BY tenant_id, action;

-- name: next page of tasks
-- weight: 20
SELECT id, title FROM tasks WHERE tenant_id = 44 AND deleted_at IS NULL AND (created_at, id) < ('2024-11-11 08:00:00+00', 120000) ORDER BY created_at DESC, id DESC LIMIT 50;

-- name: tasks by the month
-- weight: 0.02
SELECT date_trunc('month', created_at), status, count(*) FROM tasks GROUP BY 1, 2 ORDER BY 1, 2;

-- name: make a task
-- weight: 25
INSERT INTO tasks (tenant_id, project_id, assignee_id, title, status, priority, tags, attrs, due_on, created_at, updated_at)
VALUES (44, 2044, 815, 'Write docs', 'open', 2, '{area-3,v9}', '{"sprint": 199, "points": 3, "source": "web"}', '2026-08-01', '2026-06-30 10:00:00+00', '2026-06-30 10:00:00+00');

-- name: move a task
-- weight: 40
UPDATE tasks SET status = 'doing', updated_at = '2026-06-30 11:00:00+00' WHERE id = 284100;

-- name: touch a task
-- weight: 60
UPDATE tasks SET updated_at = '2026-06-30 11:00:00+00', attrs = attrs || '{"seen": true}' WHERE id = 284101;

-- name: write a comment
-- weight: 60
INSERT INTO comments (tenant_id, task_id, author_id, body, created_at) VALUES (44, 184234, 640, 'Please have a look, ref 77cd', '2026-06-30 10:00:00+00');

-- name: notify
-- weight: 80
INSERT INTO notifications (user_id, kind, task_id, created_at) VALUES (3300, 'mention', 184234, '2026-06-30 10:00:00+00');

-- name: read a notification
-- weight: 60
UPDATE notifications SET read_at = '2026-06-30 10:00:00+00' WHERE id = 298000;

-- name: note an action
-- weight: 100
INSERT INTO activity (tenant_id, actor_id, object_type, object_id, action, at) VALUES (44, 640, 'task', 3117, 'update', '2026-06-30 10:00:00+00');

-- name: user seen
-- weight: 80
UPDATE users SET last_seen_at = '2026-06-30 10:00:00+00' WHERE id = 5210;
