INSERT INTO boards (id, name) VALUES ($1, $2)
