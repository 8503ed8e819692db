-- The clock looks at every menu: a restaurant whose dishes cannot be passed for now holds up no other's.
DROP FUNCTION comanda_due_menu_items(timestamptz, integer);

-- Dishes whose `until` has come: at most `each` of a restaurant, and the first of every restaurant before the second of any.
-- Runs as the owner because the application sees one restaurant at a time. Safe: it answers with ids only, and whoever can
-- call it already is the server.
CREATE FUNCTION comanda_due_menu_items(at timestamptz, each integer, most integer)
    RETURNS TABLE (restaurant_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT due.restaurant_id, due.id
        FROM (
            SELECT m.restaurant_id, m.id, m.until,
                   row_number() OVER (PARTITION BY m.restaurant_id ORDER BY m.until) AS place
            FROM menu_items m
            WHERE m.until <= at AND m.removed_at IS NULL
        ) AS due
        WHERE due.place <= each
        ORDER BY due.place, due.until
        LIMIT most
    $$;
REVOKE ALL ON FUNCTION comanda_due_menu_items(timestamptz, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_due_menu_items(timestamptz, integer, integer) TO comanda_app;
