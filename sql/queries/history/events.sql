-- What the log tells of an order, newest first, before $3 where given.
SELECT seq, id, at, actor_id, kind, body
FROM events
WHERE stream_id = $1 AND order_id = $2 AND ($3::bigint IS NULL OR seq < $3)
ORDER BY seq DESC
LIMIT $4
