-- project_management: Multi-tenant project management; tenants share the tables and are kept apart by row-level security.
-- For PostgreSQL 17. Generated from the model by AgentHost's schema designer; change the model, not this file.

CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TABLE organizations (
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    slug text NOT NULL,
    plan text NOT NULL DEFAULT 'free',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT organizations_pkey PRIMARY KEY (id),
    CONSTRAINT organizations_slug_key UNIQUE (slug),
    CONSTRAINT organizations_name_check CHECK (length(name) <= 200),
    CONSTRAINT organizations_slug_check CHECK (length(slug) <= 100 AND slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT organizations_plan_check CHECK (plan IN ('free', 'team', 'business'))
);
COMMENT ON TABLE organizations IS 'A customer; every other row belongs to one, users excepted.';
COMMENT ON COLUMN organizations.slug IS 'The name in the address bar.';
CREATE TRIGGER set_updated_at BEFORE UPDATE ON organizations
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY,
    email text NOT NULL,
    display_name text NOT NULL,
    last_seen_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_email_check CHECK (length(email) <= 320 AND email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND email = lower(email)),
    CONSTRAINT users_display_name_check CHECK (length(display_name) <= 200)
);
COMMENT ON TABLE users IS 'A person who can sign in; may be a member of several organizations.';
CREATE TRIGGER set_updated_at BEFORE UPDATE ON users
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

CREATE TABLE memberships (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organization_id bigint NOT NULL,
    user_id bigint NOT NULL,
    role text NOT NULL DEFAULT 'member',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT memberships_pkey PRIMARY KEY (id),
    CONSTRAINT memberships_organization_id_user_id_key UNIQUE (organization_id, user_id),
    CONSTRAINT memberships_organization_id_id_key UNIQUE (organization_id, id),
    CONSTRAINT memberships_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT memberships_role_check CHECK (role IN ('owner', 'admin', 'member', 'guest'))
);
COMMENT ON TABLE memberships IS 'That a user belongs to an organization, and as what.';
CREATE INDEX memberships_user_id_idx ON memberships (user_id);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON memberships
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

CREATE TABLE projects (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organization_id bigint NOT NULL,
    lead_id bigint,
    key text NOT NULL,
    name text NOT NULL,
    description text,
    status text NOT NULL DEFAULT 'planned',
    budget numeric(19,4),
    starts_on date,
    ends_on date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CONSTRAINT projects_pkey PRIMARY KEY (id),
    CONSTRAINT projects_organization_id_id_key UNIQUE (organization_id, id),
    CONSTRAINT projects_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT,
    CONSTRAINT projects_lead_id_fkey FOREIGN KEY (organization_id, lead_id) REFERENCES memberships (organization_id, id) ON DELETE SET NULL (lead_id),
    CONSTRAINT projects_key_check CHECK (length(key) <= 10),
    CONSTRAINT projects_key_rule_check CHECK (key ~ '^[A-Z][A-Z0-9]+$'),
    CONSTRAINT projects_name_check CHECK (length(name) <= 200),
    CONSTRAINT projects_description_check CHECK (length(description) <= 100000),
    CONSTRAINT projects_status_check CHECK (status IN ('planned', 'active', 'on_hold', 'done')),
    CONSTRAINT projects_budget_check CHECK (budget >= 0),
    CONSTRAINT projects_rule_check CHECK (ends_on >= starts_on)
);
COMMENT ON TABLE projects IS 'A body of work with a goal and an end.';
COMMENT ON COLUMN projects.key IS 'The prefix of its tasks'' numbers, as WEB.';
CREATE UNIQUE INDEX projects_organization_id_key_key ON projects (organization_id, key) WHERE deleted_at IS NULL;
CREATE INDEX projects_organization_id_status_name_idx ON projects (organization_id, status, name) WHERE deleted_at IS NULL;
CREATE INDEX projects_organization_id_lead_id_idx ON projects (organization_id, lead_id);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON projects
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

CREATE TABLE tasks (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organization_id bigint NOT NULL,
    project_id bigint NOT NULL,
    parent_id bigint,
    assignee_id bigint,
    number integer NOT NULL,
    title text NOT NULL,
    body text,
    status text NOT NULL DEFAULT 'todo',
    priority integer NOT NULL DEFAULT 3,
    estimate_hours numeric(6,2),
    due_on date,
    completed_at timestamptz,
    custom_fields jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CONSTRAINT tasks_pkey PRIMARY KEY (id),
    CONSTRAINT tasks_organization_id_id_key UNIQUE (organization_id, id),
    CONSTRAINT tasks_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT,
    CONSTRAINT tasks_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT tasks_parent_id_fkey FOREIGN KEY (organization_id, parent_id) REFERENCES tasks (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT tasks_assignee_id_fkey FOREIGN KEY (organization_id, assignee_id) REFERENCES memberships (organization_id, id) ON DELETE SET NULL (assignee_id),
    CONSTRAINT tasks_number_check CHECK (number >= 1),
    CONSTRAINT tasks_title_check CHECK (length(title) <= 300),
    CONSTRAINT tasks_body_check CHECK (length(body) <= 100000),
    CONSTRAINT tasks_status_check CHECK (status IN ('todo', 'doing', 'review', 'done', 'cancelled')),
    CONSTRAINT tasks_priority_check CHECK (priority >= 1 AND priority <= 5),
    CONSTRAINT tasks_estimate_hours_check CHECK (estimate_hours >= 0)
);
COMMENT ON TABLE tasks IS 'A piece of work that one person can finish.';
COMMENT ON COLUMN tasks.parent_id IS 'A subtask goes with its task.';
COMMENT ON COLUMN tasks.number IS 'Counts within the project: WEB-17.';
COMMENT ON COLUMN tasks.priority IS '1 is most urgent.';
CREATE UNIQUE INDEX tasks_organization_id_project_id_number_key ON tasks (organization_id, project_id, number) WHERE deleted_at IS NULL;
CREATE INDEX tasks_organization_id_project_id_status_priority_due_on_idx ON tasks (organization_id, project_id, status, priority, due_on);
CREATE INDEX tasks_organization_id_assignee_id_status_due_on_idx ON tasks (organization_id, assignee_id, status, due_on);
CREATE INDEX tasks_organization_id_status_due_on_idx ON tasks (organization_id, status, due_on) WHERE deleted_at IS NULL;
CREATE INDEX tasks_organization_id_parent_id_idx ON tasks (organization_id, parent_id);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON tasks
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

CREATE TABLE comments (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organization_id bigint NOT NULL,
    task_id bigint NOT NULL,
    author_id bigint,
    body text NOT NULL,
    edited_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT comments_pkey PRIMARY KEY (id),
    CONSTRAINT comments_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT,
    CONSTRAINT comments_task_id_fkey FOREIGN KEY (organization_id, task_id) REFERENCES tasks (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT comments_author_id_fkey FOREIGN KEY (organization_id, author_id) REFERENCES memberships (organization_id, id) ON DELETE SET NULL (author_id),
    CONSTRAINT comments_body_check CHECK (length(body) <= 10000)
);
COMMENT ON TABLE comments IS 'What somebody said about a task.';
CREATE INDEX comments_organization_id_task_id_created_at_idx ON comments (organization_id, task_id, created_at DESC);
CREATE INDEX comments_organization_id_author_id_idx ON comments (organization_id, author_id);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON comments
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

CREATE TABLE attachments (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organization_id bigint NOT NULL,
    task_id bigint NOT NULL,
    uploader_id bigint,
    file_name text NOT NULL,
    content_type text NOT NULL,
    byte_size bigint NOT NULL,
    storage_key text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT attachments_pkey PRIMARY KEY (id),
    CONSTRAINT attachments_storage_key_key UNIQUE (storage_key),
    CONSTRAINT attachments_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT,
    CONSTRAINT attachments_task_id_fkey FOREIGN KEY (organization_id, task_id) REFERENCES tasks (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT attachments_uploader_id_fkey FOREIGN KEY (organization_id, uploader_id) REFERENCES memberships (organization_id, id) ON DELETE SET NULL (uploader_id),
    CONSTRAINT attachments_file_name_check CHECK (length(file_name) <= 255),
    CONSTRAINT attachments_content_type_check CHECK (length(content_type) <= 100),
    CONSTRAINT attachments_byte_size_check CHECK (byte_size >= 0),
    CONSTRAINT attachments_storage_key_check CHECK (length(storage_key) <= 500)
);
COMMENT ON TABLE attachments IS 'A file on a task; its bytes are in object storage.';
CREATE INDEX attachments_organization_id_task_id_created_at_idx ON attachments (organization_id, task_id, created_at DESC);
CREATE INDEX attachments_organization_id_uploader_id_idx ON attachments (organization_id, uploader_id);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON attachments
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

CREATE TABLE task_watchers (
    organization_id bigint NOT NULL,
    task_id bigint NOT NULL,
    watcher_id bigint NOT NULL,
    muted boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT task_watchers_pkey PRIMARY KEY (organization_id, task_id, watcher_id),
    CONSTRAINT task_watchers_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT task_watchers_task_id_fkey FOREIGN KEY (organization_id, task_id) REFERENCES tasks (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT task_watchers_watcher_id_fkey FOREIGN KEY (organization_id, watcher_id) REFERENCES memberships (organization_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE task_watchers IS 'Who is told when a task changes.';
CREATE INDEX task_watchers_organization_id_watcher_id_created_at_idx ON task_watchers (organization_id, watcher_id, created_at DESC);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON task_watchers
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION set_updated_at();

-- A row is visible and writable only under its own tenant's id: SET LOCAL app.tenant_id = '…' in each transaction.
-- Without the setting nothing is visible (NULLIF: a setting that was reset reads as '').
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON organizations
    USING (id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON memberships
    USING (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);
ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE projects FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON projects
    USING (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tasks
    USING (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);
ALTER TABLE comments ENABLE ROW LEVEL SECURITY;
ALTER TABLE comments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON comments
    USING (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);
ALTER TABLE attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON attachments
    USING (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);
ALTER TABLE task_watchers ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_watchers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON task_watchers
    USING (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (organization_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);
