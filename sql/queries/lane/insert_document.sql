INSERT INTO documents (restaurant_id, id, entity, body, version, created_at, updated_at, external_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
