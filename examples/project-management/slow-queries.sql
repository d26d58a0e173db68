-- What the application asks most, or waits for longest. Values are from the seed, so each statement runs as it stands.
-- The weight is the number of calls in a minute of a busy hour.

-- name: completed this month
-- weight: 40
SELECT id, title, completed_at
FROM tasks
WHERE organization_id = 1 AND completed_at >= '2026-09-01' AND completed_at < '2026-10-01'
ORDER BY completed_at DESC
LIMIT 50;

-- name: comments by a member, newest first
-- weight: 25
SELECT id, task_id, body, created_at
FROM comments
WHERE organization_id = 1 AND author_id = 7
ORDER BY created_at DESC
LIMIT 20;

-- name: recently changed tasks
-- weight: 60
SELECT id, number, title, status
FROM tasks
WHERE organization_id = 1 AND deleted_at IS NULL
ORDER BY created_at DESC
LIMIT 25;

-- name: open tasks by urgency, all projects
-- weight: 30
SELECT id, project_id, title, priority, due_on
FROM tasks
WHERE organization_id = 1 AND status = 'todo' AND priority = 1 AND deleted_at IS NULL
ORDER BY due_on
LIMIT 100;

-- name: users seen lately
-- weight: 2
SELECT id, display_name
FROM users
WHERE last_seen_at >= '2026-10-30'
ORDER BY last_seen_at DESC;

-- name: storage per project
-- weight: 5
SELECT t.project_id, count(*) AS files, sum(a.byte_size) AS bytes
FROM attachments AS a
JOIN tasks AS t ON t.organization_id = a.organization_id AND t.id = a.task_id
WHERE a.organization_id = 1
GROUP BY t.project_id
ORDER BY bytes DESC
LIMIT 10;

-- name: reminders due tomorrow, all tenants
-- weight: 1
SELECT id, organization_id, assignee_id, title
FROM tasks
WHERE due_on = '2026-10-15' AND status = 'todo' AND deleted_at IS NULL;
