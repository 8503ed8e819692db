INSERT INTO table_sessions (restaurant_id, id, table_id, covers, opened_by, opened_at, closed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
