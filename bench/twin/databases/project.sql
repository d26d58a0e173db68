-- The example project with its seed (examples/project-management); here the owner sees all tenants' rows, and with them pg_stats.
\include ../../../examples/project-management/schema.sql
\include ../../../examples/project-management/seed.sql
ALTER TABLE organizations NO FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships NO FORCE ROW LEVEL SECURITY;
ALTER TABLE projects NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
ALTER TABLE comments NO FORCE ROW LEVEL SECURITY;
ALTER TABLE attachments NO FORCE ROW LEVEL SECURITY;
ALTER TABLE task_watchers NO FORCE ROW LEVEL SECURITY;
