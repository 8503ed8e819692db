INSERT INTO document_audit (restaurant_id, id, at, actor_id, entity, document_id, kind, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
