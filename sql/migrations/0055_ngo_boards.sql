-- An NGO takes from any number of boards; a restaurant gives on one, restaurants.board_id, which for an NGO is null from
-- here on.

CREATE TABLE ngo_boards (
    organization_id uuid        NOT NULL REFERENCES restaurants (id),
    board_id        uuid        NOT NULL REFERENCES boards (id),
    -- The oldest is the one it acts on where it names none.
    joined_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT ngo_boards_pkey PRIMARY KEY (organization_id, board_id)
);
CREATE INDEX ngo_boards_by_board ON ngo_boards (board_id);
ALTER TABLE ngo_boards ENABLE ROW LEVEL SECURITY;
ALTER TABLE ngo_boards FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ngo_boards
    USING (organization_id = (SELECT nullif(current_setting('app.restaurant', true), '')::uuid));
-- Whoever migrates may look across tenants, to list them.
CREATE POLICY owner ON ngo_boards TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, DELETE ON ngo_boards TO comanda_app;

INSERT INTO ngo_boards (organization_id, board_id) SELECT id, board_id FROM restaurants WHERE kind = 'NGO';
ALTER TABLE restaurants ALTER COLUMN board_id DROP NOT NULL;
UPDATE restaurants SET board_id = NULL WHERE kind = 'NGO';
ALTER TABLE restaurants ADD CONSTRAINT restaurants_give_on_one_board CHECK ((board_id IS NULL) = (kind = 'NGO'));

-- Whoever is on a board may know what it is called.
CREATE POLICY member ON boards FOR SELECT
    USING (id IN (SELECT board_id FROM restaurants) OR id IN (SELECT board_id FROM ngo_boards));
CREATE POLICY owner ON boards TO CURRENT_USER USING (true);

-- Live sockets stand in the room of a board: they hear of it where their tenant leaves that.
ALTER TABLE restaurants ADD COLUMN boards_changed_at timestamptz;
CREATE INDEX restaurants_boards_changed_at ON restaurants (boards_changed_at) WHERE boards_changed_at IS NOT NULL;

-- As before, and `boards`: the tenant whose id stands in user_id is on other boards than it was.
CREATE OR REPLACE FUNCTION comanda_auth_changes(since timestamptz)
    RETURNS TABLE (kind text, login_id uuid, user_id uuid, at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT 'login', l.id, l.user_id, l.revoked_at FROM logins l WHERE l.revoked_at > since
        UNION ALL
        SELECT 'user', NULL, u.id, u.removed_at FROM users u WHERE u.removed_at > since
        UNION ALL
        SELECT 'role', NULL, u.id, u.role_changed_at FROM users u WHERE u.role_changed_at > since
        UNION ALL
        SELECT 'boards', NULL, r.id, r.boards_changed_at FROM restaurants r WHERE r.boards_changed_at > since
    $$;
