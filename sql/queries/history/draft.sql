-- What happened to an order while it was a draft, newest first, before $3 where given; with the names of who did it.
SELECT a.id, a.at, a.actor_id, a.kind, a.body, u.name AS actor_name
FROM order_audit a
LEFT JOIN users u ON u.restaurant_id = a.restaurant_id AND u.id = a.actor_id
WHERE a.restaurant_id = $1 AND a.order_id = $2 AND ($3::uuid IS NULL OR a.id < $3)
ORDER BY a.id DESC
LIMIT $4
