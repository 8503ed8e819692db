-- A page of the log, oldest first.
SELECT seq, id, at, actor_id, kind, body
FROM events
WHERE stream_id = $1 AND seq > $2
ORDER BY seq
LIMIT $3
