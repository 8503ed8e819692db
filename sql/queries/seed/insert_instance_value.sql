INSERT INTO instance (key, value) VALUES ($1, $2)
