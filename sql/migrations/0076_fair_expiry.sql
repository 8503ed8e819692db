-- The clock looks at every board: one whose donations cannot be expired for now holds up no other.
DROP FUNCTION comanda_due_donations(integer);
DROP INDEX donations_due;
CREATE INDEX donations_due ON donations (board_id, expires_at) WHERE status = 'AVAILABLE';

-- The available donations whose time is over, the longest overdue first: at most each of a board, and the first of every
-- board before the second of any. Runs as the owner because the application sees one board at a time. Safe: it answers with
-- ids only, and takes numbers.
CREATE FUNCTION comanda_due_donations(each integer, most integer) RETURNS TABLE (board_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT b.id, due.id
        FROM boards b
        CROSS JOIN LATERAL (
            SELECT d.id, d.expires_at, row_number() OVER (ORDER BY d.expires_at) AS place
            FROM donations d
            WHERE d.board_id = b.id AND d.status = 'AVAILABLE' AND d.expires_at <= now()
            ORDER BY d.expires_at LIMIT each
        ) AS due
        ORDER BY due.place, due.expires_at LIMIT most
    $$;
REVOKE ALL ON FUNCTION comanda_due_donations(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comanda_due_donations(integer, integer) TO comanda_app;
