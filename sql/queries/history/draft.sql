-- What happened to an order while it was a draft, newest first, before $3 where given.
SELECT id, at, actor_id, kind, body
FROM order_audit
WHERE restaurant_id = $1 AND order_id = $2 AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC
LIMIT $4
