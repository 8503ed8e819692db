INSERT INTO restaurants (id, name, currency) VALUES ($1, $2, $3)
