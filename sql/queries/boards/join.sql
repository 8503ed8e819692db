-- Puts the NGO $1 on the board $2 as well; no row where it is on it already.
INSERT INTO ngo_boards (organization_id, board_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
