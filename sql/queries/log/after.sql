-- A page of the log, oldest first: at most $3 events, ending behind the first that brings it to $4 bytes of payload. Cut
-- twice: by the stored size, which costs nothing to know and may be compressed, then by the real one of what is left.
SELECT seq, id, at, actor_id, kind, body
FROM (
    SELECT seq, id, at, actor_id, kind, body,
           sum(octet_length(body::text)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS before
    FROM (
        SELECT seq, id, at, actor_id, kind, body,
               sum(pg_column_size(body)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS before
        FROM (
            SELECT seq, id, at, actor_id, kind, body
            FROM events
            WHERE stream_id = $1 AND seq > $2
            ORDER BY seq
            LIMIT $3
        ) AS asked
    ) AS stored
    WHERE before IS NULL OR before < $4
) AS real
WHERE before IS NULL OR before < $4
ORDER BY seq
