-- The workload's writes, each for a thousand rows that are spread as they are in life; the time of one is a thousandth.

-- name: make a task
INSERT INTO tasks (tenant_id, project_id, assignee_id, title, status, priority, tags, attrs, due_on, created_at, updated_at)
SELECT tenant_id, project_id, assignee_id, title, 'open', priority, tags, attrs, due_on, timestamptz '2026-06-30 00:00:00+00' + id * interval '1 millisecond', '2026-06-30 10:00:00+00'
FROM tasks WHERE id IN (SELECT n * 299 FROM generate_series(1, 1000) AS n);

-- name: move a task
UPDATE tasks SET status = CASE status WHEN 'open' THEN 'doing' ELSE 'review' END, updated_at = '2026-06-30 11:00:00+00' WHERE id IN (SELECT n * 293 FROM generate_series(1, 1000) AS n);

-- name: touch a task
UPDATE tasks SET updated_at = '2026-06-30 11:00:00+00', attrs = attrs || '{"seen": true}' WHERE id IN (SELECT 7 + n * 289 FROM generate_series(1, 1000) AS n);

-- name: write a comment
INSERT INTO comments (tenant_id, task_id, author_id, body, created_at)
SELECT tenant_id, task_id, author_id, body, timestamptz '2026-06-30 00:00:00+00' + id * interval '1 millisecond' FROM comments WHERE id IN (SELECT n * 499 FROM generate_series(1, 1000) AS n);

-- name: notify
INSERT INTO notifications (user_id, kind, task_id, created_at)
SELECT user_id, kind, task_id, timestamptz '2026-06-30 00:00:00+00' + id * interval '1 millisecond' FROM notifications WHERE id IN (SELECT n * 299 FROM generate_series(1, 1000) AS n);

-- name: read a notification
UPDATE notifications SET read_at = '2026-06-30 10:00:00+00' WHERE id IN (SELECT 3 + n * 297 FROM generate_series(1, 1000) AS n);

-- name: note an action
INSERT INTO activity (tenant_id, actor_id, object_type, object_id, action, at)
SELECT tenant_id, actor_id, object_type, object_id, action, timestamptz '2026-06-30 00:00:00+00' + id * interval '1 millisecond' FROM activity WHERE id IN (SELECT n * 347 FROM generate_series(1, 1000) AS n);

-- name: user seen
UPDATE users SET last_seen_at = '2026-06-30 10:00:00+00' WHERE id IN (SELECT n * 29 FROM generate_series(1, 1000) AS n);
