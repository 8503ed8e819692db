-- Moving in (comanda import): what other systems called things.

-- Unique by tenant and kind; none for what was made here.
ALTER TABLE tables ADD COLUMN external_id text;
ALTER TABLE users ADD COLUMN external_id text;
ALTER TABLE customers ADD COLUMN external_id text;
ALTER TABLE menu_items ADD COLUMN external_id text;
ALTER TABLE documents ADD COLUMN external_id text;
ALTER TABLE orders ADD COLUMN external_id text;
GRANT UPDATE (external_id) ON users TO comanda_app;
CREATE UNIQUE INDEX tables_external_id ON tables (restaurant_id, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX users_external_id ON users (restaurant_id, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX customers_external_id ON customers (restaurant_id, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX menu_items_external_id ON menu_items (restaurant_id, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX documents_external_id ON documents (restaurant_id, entity, external_id)
    WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX orders_external_id ON orders (restaurant_id, external_id) WHERE external_id IS NOT NULL;

-- All of them, for whoever moves in more. With the caller's rights: row-level security is that of the tables.
CREATE VIEW external_ids WITH (security_invoker = true) AS
SELECT restaurant_id, 'table' AS kind, NULL::text AS entity, external_id, id, NULL::bigint AS number
FROM tables WHERE external_id IS NOT NULL
UNION ALL
SELECT restaurant_id, 'user', NULL, external_id, id, NULL FROM users WHERE external_id IS NOT NULL
UNION ALL
SELECT restaurant_id, 'customer', NULL, external_id, id, number FROM customers WHERE external_id IS NOT NULL
UNION ALL
SELECT restaurant_id, 'dish', NULL, external_id, id, NULL FROM menu_items WHERE external_id IS NOT NULL
UNION ALL
SELECT restaurant_id, 'document', entity, external_id, id, NULL FROM documents WHERE external_id IS NOT NULL
UNION ALL
SELECT restaurant_id, 'order', NULL, external_id, id, number FROM orders WHERE external_id IS NOT NULL;
GRANT SELECT ON external_ids TO comanda_app;

-- What the dynamic API reads, with them.
CREATE OR REPLACE VIEW resources WITH (security_invoker = true) AS
SELECT restaurant_id, entity, id, NULL::bigint AS number, body, version, created_at, updated_at, external_id
FROM documents
UNION ALL
SELECT restaurant_id, 'Customer', id, number,
       jsonb_strip_nulls(jsonb_build_object('name', name, 'email', email, 'phone', phone)),
       version, created_at, coalesce(updated_at, created_at), external_id
FROM customers
UNION ALL
SELECT restaurant_id, 'User', id, NULL::bigint,
       jsonb_build_object('email', email, 'name', name, 'role', role),
       1, created_at, coalesce(role_changed_at, created_at), external_id
FROM users
WHERE removed_at IS NULL;
