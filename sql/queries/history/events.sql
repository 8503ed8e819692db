-- What the log tells of an order, newest first, before $3 where given; with the names of who did it.
SELECT e.seq, e.id, e.at, e.actor_id, e.kind, e.body, u.name AS actor_name
FROM events e
LEFT JOIN users u ON u.restaurant_id = e.stream_id AND u.id = e.actor_id
WHERE e.stream_id = $1 AND e.order_id = $2 AND ($3::bigint IS NULL OR e.seq < $3)
ORDER BY e.seq DESC
LIMIT $4
