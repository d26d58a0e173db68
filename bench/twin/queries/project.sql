-- Over the example project: eight tables, tenants of uneven size, composite foreign keys, partial and unique indexes.

-- name: completed this month
SELECT id, title, completed_at FROM tasks WHERE organization_id = 1 AND completed_at >= '2026-09-01' AND completed_at < '2026-10-01' ORDER BY completed_at DESC LIMIT 50;
-- name: comments by a member
SELECT id, task_id, body, created_at FROM comments WHERE organization_id = 1 AND author_id = 7 ORDER BY created_at DESC LIMIT 20;
-- name: comments by a member of a small tenant
SELECT id, task_id, body, created_at FROM comments WHERE organization_id = 9 AND author_id = 163 ORDER BY created_at DESC LIMIT 20;
-- name: a task by its id
SELECT * FROM tasks WHERE id = 4321;
-- name: a task by tenant and id
SELECT * FROM tasks WHERE organization_id = 1 AND id = 4321;
-- name: a task by its number
SELECT * FROM tasks WHERE organization_id = 1 AND project_id = 30 AND number = 17 AND deleted_at IS NULL;
-- name: a task that is not there
SELECT * FROM tasks WHERE id = 60001;
-- name: tasks after the last
SELECT count(*) FROM tasks WHERE id > 59990;
-- name: tasks by a list of ids
SELECT id, title FROM tasks WHERE id IN (5, 500, 5000, 15000, 25000, 35000, 45000, 55000);
-- name: tasks by a range of ids
SELECT count(*) FROM tasks WHERE id BETWEEN 1000 AND 2500;
-- name: board of a project
SELECT id, title, status, priority FROM tasks WHERE organization_id = 1 AND project_id = 30 AND status IN ('todo', 'doing', 'review') AND deleted_at IS NULL ORDER BY priority, due_on;
-- name: a member's tasks
SELECT id, title, due_on FROM tasks WHERE organization_id = 1 AND assignee_id = 5 AND status = 'todo' ORDER BY due_on LIMIT 20;
-- name: overdue tasks of a tenant
SELECT id, title, due_on FROM tasks WHERE organization_id = 1 AND status IN ('todo', 'doing') AND due_on < '2025-06-01' AND deleted_at IS NULL ORDER BY due_on;
-- name: overdue tasks of all tenants
SELECT organization_id, count(*) FROM tasks WHERE status IN ('todo', 'doing') AND due_on < '2025-02-01' AND deleted_at IS NULL GROUP BY organization_id;
-- name: cancelled tasks
SELECT count(*) FROM tasks WHERE status = 'cancelled';
-- name: deleted tasks
SELECT id, deleted_at FROM tasks WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC LIMIT 20;
-- name: tasks without an assignee
SELECT count(*) FROM tasks WHERE organization_id = 4 AND assignee_id IS NULL;
-- name: tasks by status
SELECT status, count(*) FROM tasks WHERE organization_id = 2 GROUP BY status;
-- name: hours by project
SELECT project_id, sum(estimate_hours) FROM tasks WHERE organization_id = 1 AND status <> 'done' GROUP BY project_id ORDER BY 2 DESC LIMIT 10;
-- name: tasks by month
SELECT date_trunc('month', created_at), count(*), count(completed_at) FROM tasks GROUP BY 1 ORDER BY 1;
-- name: tasks with a word
SELECT id, title FROM tasks WHERE title LIKE '%99 of project 12%';
-- name: tasks that begin with words
SELECT id, title FROM tasks WHERE title LIKE 'Task 17 of%';
-- name: tasks by title in small letters
SELECT id FROM tasks WHERE lower(title) = 'task 17 of project 30';
-- name: tasks by a custom field
SELECT id FROM tasks WHERE custom_fields @> '{"colour": "red"}';
-- name: large estimates
SELECT id, estimate_hours FROM tasks WHERE estimate_hours > 39.5 ORDER BY estimate_hours DESC LIMIT 30;
-- name: slow tasks
SELECT id FROM tasks WHERE completed_at > created_at + interval '19 days';
-- name: newest tasks of a tenant
SELECT id, title FROM tasks WHERE organization_id = 3 ORDER BY created_at DESC LIMIT 20;
-- name: newest tasks of all
SELECT id, title FROM tasks ORDER BY created_at DESC LIMIT 20;
-- name: a page of tasks by keys
SELECT id, title FROM tasks WHERE organization_id = 1 AND id > 30000 ORDER BY id LIMIT 50;
-- name: a page of tasks far behind
SELECT id, title FROM tasks WHERE organization_id = 1 ORDER BY id OFFSET 5000 LIMIT 50;
-- name: the largest id of a tenant
SELECT max(id) FROM tasks WHERE organization_id = 7;
-- name: priority and status
SELECT count(*) FROM tasks WHERE priority = 1 AND status = 'doing';
-- name: either of two columns
SELECT id FROM tasks WHERE assignee_id = 33 OR parent_id = 7;
-- name: comments of a task
SELECT id, body FROM comments WHERE organization_id = 1 AND task_id = 4321 ORDER BY created_at DESC;
-- name: comments of a task without the tenant
SELECT count(*) FROM comments WHERE task_id = 4325;
-- name: comments of a day
SELECT count(*) FROM comments WHERE created_at >= '2025-05-05' AND created_at < '2025-05-06';
-- name: comments by tenant
SELECT organization_id, count(*) FROM comments GROUP BY organization_id;
-- name: comments with a word
SELECT count(*) FROM comments WHERE body LIKE 'Comment 5%';
-- name: tenant and times by the index alone
SELECT organization_id, task_id, created_at FROM comments WHERE organization_id = 6 AND task_id BETWEEN 1000 AND 20000;
-- name: open projects of a tenant
SELECT id, name FROM projects WHERE organization_id = 1 AND status = 'active' AND deleted_at IS NULL ORDER BY name;
-- name: project by its key
SELECT * FROM projects WHERE organization_id = 1 AND key = 'P30' AND deleted_at IS NULL;
-- name: projects by budget
SELECT id, budget FROM projects WHERE budget > 90000 ORDER BY budget DESC;
-- name: projects of a lead
SELECT name FROM projects WHERE organization_id = 5 AND lead_id = 90;
-- name: a user by the address
SELECT * FROM users WHERE email = 'user17@example.com';
-- name: users lately seen
SELECT count(*) FROM users WHERE last_seen_at > '2026-10-25';
-- name: organizations by plan
SELECT plan, count(*) FROM organizations GROUP BY plan;
-- name: members with names
SELECT u.display_name, m.role FROM memberships AS m JOIN users AS u ON u.id = m.user_id WHERE m.organization_id = 2 ORDER BY u.display_name;
-- name: a user's organizations
SELECT o.name FROM memberships AS m JOIN organizations AS o ON o.id = m.organization_id WHERE m.user_id = 55;
-- name: tasks with their assignees
SELECT t.id, u.display_name FROM tasks AS t JOIN memberships AS m ON m.organization_id = t.organization_id AND m.id = t.assignee_id JOIN users AS u ON u.id = m.user_id
WHERE t.organization_id = 8 AND t.status = 'review';
-- name: comments with tasks and projects
SELECT p.name, t.title, c.body FROM comments AS c JOIN tasks AS t ON t.organization_id = c.organization_id AND t.id = c.task_id
JOIN projects AS p ON p.organization_id = t.organization_id AND p.id = t.project_id WHERE c.organization_id = 1 AND c.created_at >= '2026-09-20' AND p.status = 'active';
-- name: six tables
SELECT o.name, p.name, u.display_name, count(c.id) FROM organizations AS o JOIN projects AS p ON p.organization_id = o.id JOIN tasks AS t ON t.project_id = p.id
JOIN memberships AS m ON m.id = t.assignee_id JOIN users AS u ON u.id = m.user_id JOIN comments AS c ON c.task_id = t.id WHERE o.plan = 'team' AND t.priority = 1 GROUP BY 1, 2, 3;
-- name: all comments and tasks
SELECT t.status, count(*) FROM comments AS c JOIN tasks AS t ON t.id = c.task_id GROUP BY t.status;
-- name: tasks with comments and files
SELECT t.id FROM tasks AS t WHERE t.organization_id = 1 AND EXISTS (SELECT FROM comments AS c WHERE c.task_id = t.id) AND EXISTS (SELECT FROM attachments AS a WHERE a.task_id = t.id) LIMIT 100;
-- name: tasks without comments
SELECT count(*) FROM tasks AS t WHERE NOT EXISTS (SELECT FROM comments AS c WHERE c.organization_id = t.organization_id AND c.task_id = t.id);
-- name: tasks not watched by their assignee
SELECT t.id FROM tasks AS t LEFT JOIN task_watchers AS w ON w.organization_id = t.organization_id AND w.task_id = t.id AND w.watcher_id = t.assignee_id WHERE t.organization_id = 11 AND w.task_id IS NULL;
-- name: files of a project
SELECT a.file_name, a.byte_size FROM attachments AS a JOIN tasks AS t ON t.organization_id = a.organization_id AND t.id = a.task_id WHERE t.organization_id = 1 AND t.project_id = 60;
-- name: largest files
SELECT file_name, byte_size FROM attachments ORDER BY byte_size DESC LIMIT 10;
-- name: a file by its storage key
SELECT * FROM attachments WHERE storage_key = 'objects/' || md5('300');
-- name: what a member watches
SELECT task_id FROM task_watchers WHERE organization_id = 3 AND watcher_id = 45 ORDER BY created_at DESC LIMIT 20;
-- name: muted watchers
SELECT count(*) FROM task_watchers WHERE muted;
-- name: last comment of each task
SELECT t.id, last.body FROM tasks AS t, LATERAL (SELECT body FROM comments AS c WHERE c.organization_id = t.organization_id AND c.task_id = t.id ORDER BY created_at DESC LIMIT 1) AS last
WHERE t.organization_id = 1 AND t.project_id = 30;
-- name: last comment by DISTINCT ON
SELECT DISTINCT ON (task_id) task_id, body FROM comments WHERE organization_id = 13 ORDER BY task_id, created_at DESC;
-- name: rank within the project
SELECT * FROM (SELECT id, project_id, row_number() OVER (PARTITION BY project_id ORDER BY priority, due_on) AS place FROM tasks WHERE organization_id = 2 AND status = 'todo') AS r WHERE place <= 3;
-- name: busiest members
WITH counts AS (SELECT organization_id, assignee_id, count(*) AS n FROM tasks WHERE status = 'doing' GROUP BY 1, 2)
SELECT u.display_name, n FROM counts JOIN memberships AS m ON m.organization_id = counts.organization_id AND m.id = counts.assignee_id JOIN users AS u ON u.id = m.user_id ORDER BY n DESC LIMIT 10;
-- name: members who never commented
SELECT m.id FROM memberships AS m WHERE m.id NOT IN (SELECT author_id FROM comments WHERE organization_id = 1 AND author_id IS NOT NULL) AND m.organization_id = 1;
-- name: counts by subqueries
SELECT p.id, (SELECT count(*) FROM tasks AS t WHERE t.organization_id = p.organization_id AND t.project_id = p.id) FROM projects AS p WHERE p.organization_id = 14;
-- name: values joined
SELECT t.title FROM (VALUES (1, 100), (1, 103), (1, 106)) AS wanted (organization, task) JOIN tasks AS t ON t.organization_id = organization AND t.id = task;
