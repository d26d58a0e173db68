-- Labels for tasks. Safe: the tables are new and empty, the one existing table gets a nullable column without a default, and the lock timeout
-- bounds how long anybody waits behind us.
SET lock_timeout = '2s';

CREATE TABLE labels (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL,
    name text NOT NULL CHECK (length(name) <= 50),
    color text NOT NULL CHECK (color ~ '^#[0-9a-f]{6}$'),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, name),
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT
);

CREATE TABLE task_labels (
    organization_id bigint NOT NULL,
    task_id bigint NOT NULL,
    label_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, task_id, label_id),
    FOREIGN KEY (organization_id, task_id) REFERENCES tasks (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, label_id) REFERENCES labels (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX task_labels_label_idx ON task_labels (organization_id, label_id);

ALTER TABLE labels ENABLE ROW LEVEL SECURITY;
ALTER TABLE labels FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON labels
    USING (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);
ALTER TABLE task_labels ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_labels FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON task_labels
    USING (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);

ALTER TABLE tasks ADD COLUMN archived_at timestamptz;
