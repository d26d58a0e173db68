-- Tenants and their papers: invoices are guarded row by row, documents are not.
CREATE ROLE app_user;
CREATE ROLE app_reader;

CREATE TABLE tenants (
    id uuid PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE documents (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    body text
);
CREATE INDEX documents_tenant_idx ON documents (tenant_id);

CREATE TABLE invoices (
    id bigint PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    amount numeric(12, 2) NOT NULL
);
CREATE INDEX invoices_tenant_idx ON invoices (tenant_id);
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY invoices_tenant_read ON invoices FOR SELECT TO app_user
    USING (tenant_id = current_setting('app.tenant_id')::uuid);
