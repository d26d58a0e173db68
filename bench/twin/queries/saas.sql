-- Over the tables of a 300-table service. The tables of the product lie in the schema app, which each query names.

-- name: a ticket by its id
SELECT * FROM app.tickets WHERE id = 77777;
-- name: a ticket by its number
SELECT id, subject FROM app.tickets WHERE tenant_id = 5 AND number = 300;
-- name: open tickets of a large tenant
SELECT id, subject FROM app.tickets WHERE tenant_id = 1 AND status IN ('new', 'open', 'waiting') ORDER BY priority, created_at DESC LIMIT 25;
-- name: open tickets of a small tenant
SELECT id, subject FROM app.tickets WHERE tenant_id = 250 AND status IN ('new', 'open', 'waiting') AND priority = 1 ORDER BY created_at DESC;
-- name: tickets of a status
SELECT count(*) FROM app.tickets WHERE status = 'waiting';
-- name: tickets of no common status
SELECT count(*) FROM app.tickets WHERE status <> 'closed';
-- name: tickets by the day
SELECT created_at::date, count(*) FROM app.tickets WHERE created_at >= '2026-01-01' GROUP BY 1 ORDER BY 1;
-- name: tickets with a word
SELECT id, subject FROM app.tickets WHERE search @@ to_tsquery('english', 'refund') ORDER BY created_at DESC LIMIT 20;
-- name: tickets with two words
SELECT count(*) FROM app.tickets WHERE search @@ to_tsquery('english', 'dashboard & slow') AND tenant_id = 2;
-- name: tickets by a tag
SELECT id FROM app.tickets WHERE tags @> '{t150}';
-- name: tickets due at a moment
SELECT id FROM app.tickets WHERE due @> timestamptz '2026-02-02 02:02:02+00';
-- name: tickets due in a week
SELECT count(*) FROM app.tickets WHERE due && tstzrange('2026-02-01', '2026-02-08') AND status = 'open';
-- name: a contact's tickets
SELECT id, status, created_at FROM app.tickets WHERE contact_id = 1234 ORDER BY created_at DESC;
-- name: an agent's open tickets
SELECT id, subject FROM app.tickets WHERE assignee_id = 15 AND status = 'open';
-- name: tickets that nobody has
SELECT id FROM app.tickets WHERE assignee_id IS NULL AND status = 'new' AND tenant_id = 3;
-- name: tickets solved quickly
SELECT avg(solved_at - created_at) FROM app.tickets WHERE solved_at < created_at + interval '1 hour' AND tenant_id < 10;
-- name: tickets by a pattern
SELECT id FROM app.tickets WHERE subject LIKE 'Refund please for order 12%';
-- name: open tickets by the view
SELECT * FROM app.open_tickets WHERE tenant_id = 7 ORDER BY created_at DESC LIMIT 50;
-- name: the view joined again
SELECT o.id, count(m.id) FROM app.open_tickets AS o JOIN app.messages AS m ON m.ticket_id = o.id WHERE o.tenant_id = 12 GROUP BY o.id;
-- name: a conversation
SELECT id, body FROM app.messages WHERE ticket_id = 4242 ORDER BY created_at;
-- name: a conversation without its notes
SELECT created_at, is_internal FROM app.messages WHERE ticket_id = 4242 AND NOT is_internal;
-- name: messages of a day
SELECT count(*), sum(size_bytes) FROM app.messages WHERE created_at >= '2025-06-10' AND created_at < '2025-06-11';
-- name: large messages
SELECT id, size_bytes FROM app.messages WHERE size_bytes > 85000 ORDER BY size_bytes DESC LIMIT 20;
-- name: messages of two months by tenant
SELECT tenant_id, count(*) FROM app.messages WHERE created_at >= '2025-06-01' AND created_at < '2025-08-01' GROUP BY tenant_id ORDER BY 2 DESC LIMIT 10;
-- name: attachments of a message
SELECT file_name FROM app.attachments WHERE message_id = 110;
-- name: attachments of a ticket
SELECT a.file_name FROM app.messages AS m JOIN app.attachments AS a ON a.message_id = m.id WHERE m.ticket_id = 999;
-- name: an attachment by its uuid
SELECT * FROM app.attachments WHERE id = md5('110')::uuid;
-- name: large documents
SELECT kind, count(*) FROM app.attachments WHERE bytes > 1000000 GROUP BY kind;
-- name: events of a ticket
SELECT kind, at FROM app.ticket_events WHERE ticket_id = 31415 ORDER BY at;
-- name: rare events
SELECT ticket_id, at FROM app.ticket_events WHERE kind = 'merged' ORDER BY at DESC LIMIT 30;
-- name: events of an hour
SELECT kind, count(*) FROM app.ticket_events WHERE at >= '2025-09-09 10:00:00+00' AND at < '2025-09-09 22:00:00+00' GROUP BY kind;
-- name: events by a document
SELECT count(*) FROM app.ticket_events WHERE payload @> '{"to": "waiting"}';
-- name: first answer of the tickets of a week
SELECT t.id, m.first - t.created_at FROM app.tickets AS t, LATERAL (SELECT min(created_at) AS first FROM app.messages WHERE ticket_id = t.id AND author_id IS NOT NULL) AS m
WHERE t.created_at >= '2026-03-01' AND t.created_at < '2026-03-08';
-- name: tickets without a message
SELECT count(*) FROM app.tickets AS t WHERE NOT EXISTS (SELECT FROM app.messages AS m WHERE m.ticket_id = t.id);
-- name: tickets with large messages
SELECT id FROM app.tickets WHERE id IN (SELECT ticket_id FROM app.messages WHERE size_bytes > 88000) AND tenant_id = 1;
-- name: a contact by the address
SELECT * FROM app.contacts WHERE tenant_id = 1 AND lower(email) = 'c12@mail.example' AND deleted_at IS NULL;
-- name: a contact by the address alone
SELECT * FROM app.contacts WHERE lower(email) = 'c12@mail.example';
-- name: a contact by the address as written
SELECT * FROM app.contacts WHERE email = 'C12@mail.example';
-- name: newest contacts
SELECT id, full_name FROM app.contacts WHERE tenant_id = 40 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 20;
-- name: contacts of a city
SELECT count(*) FROM app.contacts WHERE city = 'Lyon' AND country = 'FR';
-- name: contacts of a city and another country
SELECT count(*) FROM app.contacts WHERE city = 'Rome' AND country = 'US';
-- name: contacts by a part of the name
SELECT id, full_name FROM app.contacts WHERE full_name ILIKE '%last39%' LIMIT 20;
-- name: contacts by tags
SELECT id FROM app.contacts WHERE tags @> '{vip,tag-40}';
-- name: contacts by any tag
SELECT count(*) FROM app.contacts WHERE tags && '{tag-55,tag-56}' AND tenant_id = 1;
-- name: contacts by an attribute
SELECT id FROM app.contacts WHERE (attributes -> 'crm' ->> 'id')::integer = 4321;
-- name: contacts by an attribute without an index
SELECT count(*) FROM app.contacts WHERE attributes ->> 'plan' = 'pro' AND (attributes ->> 'age')::integer > 70;
-- name: best contacts
SELECT id, score FROM app.contacts WHERE score > 95 AND deleted_at IS NULL ORDER BY score DESC LIMIT 10;
-- name: deleted contacts
SELECT count(*) FROM app.contacts WHERE deleted_at >= '2026-05-01';
-- name: a user by the address
SELECT id FROM app.users WHERE tenant_id = 9 AND lower(email) = 'user.77@tenant-9.example';
-- name: users lately seen
SELECT id, name FROM app.users WHERE is_active ORDER BY last_seen_at DESC NULLS LAST LIMIT 50;
-- name: administrators
SELECT id, tenant_id FROM app.users WHERE roles @> '{admin}' AND is_active;
-- name: users of a locale and zone
SELECT count(*) FROM app.users WHERE locale = 'de' AND time_zone = 'Europe/Berlin';
-- name: members of a team
SELECT u.name FROM app.team_members AS m JOIN app.users AS u ON u.id = m.user_id WHERE m.team_id = 2 ORDER BY u.name;
-- name: agents by load
SELECT u.name, count(*) FROM app.users AS u JOIN app.tickets AS t ON t.assignee_id = u.id WHERE u.tenant_id = 2 AND t.status = 'open' GROUP BY u.name ORDER BY 2 DESC LIMIT 10;
-- name: six tables
SELECT te.slug, p.name, sum(l.amount) FROM app.tenants AS te JOIN app.contacts AS c ON c.tenant_id = te.id JOIN app.invoices AS i ON i.contact_id = c.id JOIN app.invoice_lines AS l ON l.invoice_id = i.id
JOIN app.products AS p ON p.id = l.product_id JOIN app.subscriptions AS s ON s.contact_id = c.id AND s.product_id = p.id WHERE te.plan = 'enterprise' AND i.issued_on >= '2025-01-01' AND c.country = 'IT' GROUP BY te.slug, p.name;
-- name: unpaid invoices of a tenant
SELECT number, gross FROM app.invoices WHERE tenant_id = 1 AND paid_on IS NULL AND due_on < '2025-06-01' ORDER BY due_on LIMIT 50;
-- name: overdue sums
SELECT tenant_id, sum(gross) FROM app.invoices WHERE state = 'overdue' GROUP BY tenant_id ORDER BY 2 DESC LIMIT 10;
-- name: invoices of a month
SELECT sum(gross) FROM app.invoices WHERE tenant_id = 2 AND date_trunc('month', issued_on::timestamp) = '2025-03-01';
-- name: invoices by number
SELECT * FROM app.invoices WHERE tenant_id = 17 AND number = 'R-5000-2';
-- name: terms of invoices
SELECT tenant_id, issued_on, due_on, count(*) FROM app.invoices GROUP BY tenant_id, issued_on, due_on;
-- name: lines of an invoice
SELECT p.name, l.quantity FROM app.invoice_lines AS l JOIN app.products AS p ON p.id = l.product_id WHERE l.invoice_id = 1000;
-- name: revenue by product
SELECT l.product_id, sum(l.amount) FROM app.invoices AS i JOIN app.invoice_lines AS l ON l.invoice_id = i.id WHERE i.issued_on BETWEEN '2025-01-01' AND '2025-03-31' GROUP BY l.product_id ORDER BY 2 DESC LIMIT 20;
-- name: dear invoices
SELECT id, net FROM app.invoices WHERE net > 490000 ORDER BY net DESC;
-- name: subscriptions on a day
SELECT count(*) FROM app.subscriptions WHERE validity @> date '2025-05-05' AND tenant_id = 3;
-- name: subscriptions of a contact
SELECT * FROM app.subscriptions WHERE contact_id = 4000;
-- name: audit of an object
SELECT action, at FROM app.audit_log WHERE object_type = 'invoice' AND object_id = 4711 ORDER BY at DESC;
-- name: audit of a day
SELECT action, count(*) FROM app.audit_log WHERE at >= '2026-04-04' AND at < '2026-04-05' GROUP BY action;
-- name: audit of an action
SELECT count(*) FROM app.audit_log WHERE action = 'delete' AND object_type = 'user';
-- name: audit of a network
SELECT count(*) FROM app.audit_log WHERE address <<= inet '10.3.0.0/16' AND at >= '2026-06-01';
-- name: sessions of a user
SELECT token FROM app.sessions WHERE user_id = 3 AND expires_at > '2026-07-15';
-- name: a session
SELECT user_id FROM app.sessions WHERE token = md5('100x');
-- name: next jobs
SELECT id FROM app.jobs WHERE queue = 'mail' AND state = 'queued' ORDER BY run_at LIMIT 10;
-- name: failed jobs
SELECT queue, count(*) FROM app.jobs WHERE state = 'failed' AND attempts > 3 GROUP BY queue;
-- name: bookings of a room
SELECT id FROM app.bookings WHERE room_id = 7 AND during && tstzrange('2026-02-01', '2026-02-02');
-- name: usage of a tenant
SELECT month, tickets FROM app.tenant_usage WHERE tenant_id = 6 ORDER BY month DESC;
-- name: tenants and their last ticket
SELECT te.slug, (SELECT max(created_at) FROM app.tickets AS t WHERE t.tenant_id = te.id) FROM app.tenants AS te WHERE te.plan = 'business';
-- name: old tickets
SELECT "Subject" FROM "Archive"."Old Tickets" WHERE "Tenant" = 41 AND "Closed" >= '2022-01-01';
-- name: a module's items
SELECT id, title FROM modules.m01_items WHERE tenant_id = 2 ORDER BY created_at DESC LIMIT 10;
-- name: a module's items by state
SELECT count(*) FROM modules.m03_items WHERE state = 'live' AND rank > 90;
-- name: a small module's items and notes
SELECT i.title, n.body FROM modules.m40_items AS i LEFT JOIN modules.m40_notes AS n ON n.item_id = i.id WHERE i.tenant_id = 3;
-- name: an empty module
SELECT * FROM modules.m12_items AS i JOIN modules.m12_notes AS n ON n.item_id = i.id WHERE i.state = 'live';
-- name: a module's title
SELECT id FROM modules.m04_items WHERE lower(title) = 'item 77';
-- name: a module's state and rank
SELECT state, rank, count(*) FROM modules.m05_items GROUP BY state, rank;
-- name: links from a module to tickets
SELECT t.subject FROM modules.m02_items AS i JOIN modules.m02_links AS l ON l.item_id = i.id JOIN app.tickets AS t ON t.id = l.ticket_id WHERE i.tenant_id = 1 AND i.state = 'draft';
-- name: enabled modules
SELECT tenant_id FROM modules.m01_settings WHERE is_enabled UNION SELECT tenant_id FROM modules.m02_settings WHERE is_enabled;
-- name: ranked agents
SELECT tenant_id, assignee_id, rank() OVER (PARTITION BY tenant_id ORDER BY count(*) DESC) FROM app.tickets WHERE tenant_id < 20 AND assignee_id IS NOT NULL GROUP BY tenant_id, assignee_id;
-- name: tree of rows by recursion
WITH RECURSIVE chain AS (SELECT id, item_id FROM modules.m02_notes WHERE id = 5 UNION ALL SELECT n.id, n.item_id FROM chain AS c JOIN modules.m02_notes AS n ON n.id = c.id + 7 WHERE n.id < 100) SELECT count(*) FROM chain;
-- name: OR over columns
SELECT id FROM app.tickets WHERE contact_id = 55 OR assignee_id = 77;
-- name: all tickets and their contacts
SELECT c.country, count(*) FROM app.tickets AS t JOIN app.contacts AS c ON c.id = t.contact_id GROUP BY c.country;
