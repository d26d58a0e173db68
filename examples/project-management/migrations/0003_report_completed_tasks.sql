-- The monthly report is slow; give it an index.
CREATE INDEX tasks_completed_idx ON tasks (organization_id, completed_at);
