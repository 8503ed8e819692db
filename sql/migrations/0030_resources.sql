-- Documents of declared entities (specification 003): one table for all, by tenant. What may stand in a body, the
-- declaration says; what must not be twice, a table of its own.

CREATE TABLE documents (
    restaurant_id uuid        NOT NULL REFERENCES restaurants (id),
    id            uuid        NOT NULL,
    -- The name in the declaration.
    entity        text        NOT NULL,
    body          jsonb       NOT NULL,
    version       integer     NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    CONSTRAINT documents_pkey PRIMARY KEY (restaurant_id, id),
    CONSTRAINT documents_body_is_an_object CHECK (jsonb_typeof(body) = 'object')
);
CREATE INDEX documents_newest ON documents (restaurant_id, entity, created_at DESC, id DESC);
ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON documents
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON documents TO comanda_app;

-- The values of unique fields. Lanes see to it already; this holds against everything else.
CREATE TABLE document_keys (
    restaurant_id uuid NOT NULL,
    entity        text NOT NULL,
    field         text NOT NULL,
    value         text NOT NULL,
    document_id   uuid NOT NULL,
    CONSTRAINT document_keys_pkey PRIMARY KEY (restaurant_id, entity, field, value),
    CONSTRAINT document_keys_document_fkey FOREIGN KEY (restaurant_id, document_id)
        REFERENCES documents (restaurant_id, id)
);
CREATE INDEX document_keys_by_document ON document_keys (restaurant_id, document_id);
ALTER TABLE document_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON document_keys
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON document_keys TO comanda_app;

-- Who wrote what, also where no event tells of it. Outlives the document.
CREATE TABLE document_audit (
    restaurant_id uuid        NOT NULL REFERENCES restaurants (id),
    id            uuid        NOT NULL,
    at            timestamptz NOT NULL,
    actor_id      uuid        NOT NULL,
    entity        text        NOT NULL,
    document_id   uuid        NOT NULL,
    kind          text        NOT NULL,
    -- As it was left, or as it was before it went.
    body          jsonb       NOT NULL,
    CONSTRAINT document_audit_pkey PRIMARY KEY (restaurant_id, id),
    CONSTRAINT document_audit_kind_known CHECK (kind IN ('created', 'changed', 'deleted'))
);
CREATE INDEX document_audit_by_document ON document_audit (restaurant_id, document_id, id);
ALTER TABLE document_audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_audit FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON document_audit
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
-- No UPDATE, no DELETE: what was done stays done.
GRANT SELECT, INSERT ON document_audit TO comanda_app;

-- Customers can be written as documents are.
ALTER TABLE customers ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE customers ADD COLUMN updated_at timestamptz;
GRANT DELETE ON customers TO comanda_app;

-- All that the dynamic API reads, in one shape. With the caller's rights: row-level security is that of the tables.
CREATE VIEW resources WITH (security_invoker = true) AS
SELECT restaurant_id, entity, id, NULL::bigint AS number, body, version, created_at, updated_at
FROM documents
UNION ALL
SELECT restaurant_id, 'Customer', id, number,
       jsonb_strip_nulls(jsonb_build_object('name', name, 'email', email, 'phone', phone)),
       version, created_at, coalesce(updated_at, created_at)
FROM customers
UNION ALL
SELECT restaurant_id, 'User', id, NULL::bigint,
       jsonb_build_object('email', email, 'name', name, 'role', role),
       1, created_at, coalesce(role_changed_at, created_at)
FROM users
WHERE removed_at IS NULL;
GRANT SELECT ON resources TO comanda_app;
