INSERT INTO document_keys (restaurant_id, entity, field, value, document_id) VALUES ($1, $2, $3, $4, $5)
