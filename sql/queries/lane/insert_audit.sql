INSERT INTO order_audit (restaurant_id, id, order_id, at, actor_id, kind, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
