-- A restaurant that has moved to another board: what it gave before lies where it was given, and is still its own.

-- The board on which a donation of the transaction's restaurant lies; null for a donation of anybody else. Runs as the owner
-- because a tenant's transaction sees nothing of a board. Safe: it answers the donor alone, and with an id.
CREATE FUNCTION comanda_board_of_own(donation uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        -- Boards are few: one look into the primary key for each.
        SELECT b.id
        FROM boards b
        JOIN donations d ON d.board_id = b.id AND d.id = donation
        WHERE d.restaurant_id = nullif(current_setting('app.restaurant', true), '')::uuid
    $$;
REVOKE ALL ON FUNCTION comanda_board_of_own(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_board_of_own(uuid) TO comanda_app;
