INSERT INTO restaurants (id, name, kind, board_id) VALUES ($1, $2, 'NGO', NULL)
