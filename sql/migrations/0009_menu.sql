-- The menu as people edit it: categories, dishes with versions, what is sold out until when; see domain/menu.

ALTER TABLE menu_items
    -- When it stops being available, or sold out, by the clock.
    ADD COLUMN until      timestamptz,
    ADD COLUMN version    integer     NOT NULL DEFAULT 1,
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
    -- It stays, since lines of orders are of it.
    ADD COLUMN removed_at timestamptz;
CREATE INDEX menu_items_due ON menu_items (until) WHERE until IS NOT NULL;
-- FORCE binds the owner too: it reads for the statement and the function below.
CREATE POLICY owner_reads ON menu_items FOR SELECT TO CURRENT_USER USING (true);

-- Dishes carry a category's name. No foreign key: a removed dish keeps the name of a category that may be gone.
CREATE TABLE menu_categories (
    restaurant_id uuid        NOT NULL REFERENCES restaurants (id),
    id            uuid        NOT NULL,
    name          text        NOT NULL,
    position      integer     NOT NULL,
    version       integer     NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (restaurant_id, id),
    -- Deferred: two categories may swap names within one transaction, whichever is written first.
    CONSTRAINT menu_categories_name_is_unique UNIQUE (restaurant_id, name) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO menu_categories (restaurant_id, id, name, position, version, created_at, updated_at)
SELECT restaurant_id, gen_random_uuid(), category, row_number() OVER (PARTITION BY restaurant_id ORDER BY category), 1,
       now(), now()
FROM (SELECT DISTINCT restaurant_id, category FROM menu_items) AS named;
ALTER TABLE menu_categories ENABLE ROW LEVEL SECURITY;
ALTER TABLE menu_categories FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON menu_categories
    USING (restaurant_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON menu_categories TO comanda_app;

-- Dishes whose `until` has come, of every restaurant; one poller a server asks it every second.
-- Safe: it answers with ids only, and whoever can call it already is the server.
CREATE FUNCTION comanda_due_menu_items(at timestamptz, most integer) RETURNS TABLE (restaurant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.restaurant_id, m.id FROM menu_items m
    WHERE m.until <= at AND m.removed_at IS NULL
    ORDER BY m.until
    LIMIT most
$$;
REVOKE ALL ON FUNCTION comanda_due_menu_items(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_due_menu_items(timestamptz, integer) TO comanda_app;
