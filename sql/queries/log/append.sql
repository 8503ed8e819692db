-- Last statement of a command's transaction: the counter row and the events in one, so that a number is never seen
-- without its event and no gap can be. $3..$8 are parallel arrays, in the order the events happened.
WITH counter AS (
    UPDATE streams SET seq = seq + $2 WHERE id = $1 RETURNING seq - $2 AS base
)
INSERT INTO events (stream_id, seq, id, at, actor_id, kind, body, order_id)
SELECT $1, counter.base + e.n, e.id, e.at, e.actor_id, e.kind, e.body, e.order_id
FROM counter,
     unnest($3::uuid[], $4::timestamptz[], $5::uuid[], $6::text[], $7::jsonb[], $8::uuid[])
     WITH ORDINALITY AS e (id, at, actor_id, kind, body, order_id, n)
RETURNING seq
