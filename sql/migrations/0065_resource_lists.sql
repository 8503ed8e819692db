-- Lists of documents that stay quick: filters have an index. And users have versions, as all that can be written has.

-- Which documents have which value in which field, newest last. The policies let no expression and no containment be looked up
-- in an index before the tenant is known (their operators are not leakproof), so the index is a table of plain columns.
CREATE TABLE document_filters (
    restaurant_id uuid        NOT NULL,
    entity        text        NOT NULL,
    field         text        NOT NULL,
    -- hashtextextended(text, 0): a text may be longer than an index holds. What is found is looked at again.
    value         bigint      NOT NULL,
    created_at    timestamptz NOT NULL,
    document_id   uuid        NOT NULL,
    CONSTRAINT document_filters_pkey PRIMARY KEY (restaurant_id, entity, field, value, created_at, document_id)
);
ALTER TABLE document_filters ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_filters FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON document_filters
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON document_filters TO comanda_app;

-- A declaration that changes is held against the documents of every tenant, by the migrating role, whom FORCE binds too.
CREATE POLICY owner ON documents TO CURRENT_USER USING (true);
CREATE POLICY owner ON document_keys TO CURRENT_USER USING (true);
CREATE POLICY owner ON document_filters TO CURRENT_USER USING (true);

-- A value as the program writes it: 5.0 is 5.
CREATE FUNCTION comanda_value_text(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(value)
        WHEN 'number' THEN trim_scale((value #>> '{}')::numeric)::text
        ELSE value #>> '{}'
    END
$$;

INSERT INTO document_filters (restaurant_id, entity, field, value, created_at, document_id)
SELECT d.restaurant_id, d.entity, member.key, hashtextextended(comanda_value_text(member.value), 0), d.created_at, d.id
FROM documents d, jsonb_each(d.body) AS member;

-- Whoever writes a document, the index follows. With the rights of who writes: of one tenant.
CREATE FUNCTION comanda_index_document() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM document_filters f
        USING jsonb_each(OLD.body) AS member
        WHERE f.restaurant_id = OLD.restaurant_id AND f.entity = OLD.entity AND f.field = member.key
          AND f.value = hashtextextended(comanda_value_text(member.value), 0)
          AND f.created_at = OLD.created_at AND f.document_id = OLD.id
          AND (TG_OP = 'DELETE' OR member.value IS DISTINCT FROM NEW.body -> member.key);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO document_filters (restaurant_id, entity, field, value, created_at, document_id)
        SELECT NEW.restaurant_id, NEW.entity, member.key, hashtextextended(comanda_value_text(member.value), 0),
               NEW.created_at, NEW.id
        FROM jsonb_each(NEW.body) AS member
        WHERE TG_OP = 'INSERT' OR member.value IS DISTINCT FROM OLD.body -> member.key;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER documents_indexed AFTER INSERT OR UPDATE OF body OR DELETE ON documents
FOR EACH ROW EXECUTE FUNCTION comanda_index_document();

CREATE INDEX customers_newest ON customers (restaurant_id, created_at DESC, id DESC);
CREATE INDEX customers_by_name ON customers (restaurant_id, name);
CREATE INDEX customers_by_email ON customers (restaurant_id, email) WHERE email IS NOT NULL;
CREATE INDEX customers_by_phone ON customers (restaurant_id, phone) WHERE phone IS NOT NULL;

ALTER TABLE users ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN updated_at timestamptz;
GRANT UPDATE (version, updated_at) ON users TO comanda_app;

-- As in 0051, with the versions of users, and without devices: they are users that nobody is.
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
       version, created_at, coalesce(updated_at, created_at), external_id
FROM users
WHERE removed_at IS NULL AND NOT device;
