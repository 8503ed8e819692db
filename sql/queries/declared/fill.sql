-- Gives the documents of the entity $1 that are without the field $2 its default: as nobody, noted in their history, with ids
-- that follow each other in time as all there do (UUIDv7). No event tells of it, so the logs of their restaurants begin anew:
-- a screen that comes back with an old position reads everything again.
WITH filled AS (
    UPDATE documents
    SET body = jsonb_set(body, ARRAY[$2], $3), version = version + 1, updated_at = date_trunc('milliseconds', now())
    WHERE entity = $1 AND NOT body ? $2
    RETURNING restaurant_id, id, entity, body, updated_at
), begun AS (
    UPDATE streams SET epoch = DEFAULT WHERE id IN (SELECT restaurant_id FROM filled)
)
INSERT INTO document_audit (restaurant_id, id, at, actor_id, entity, document_id, kind, body)
SELECT restaurant_id,
       encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
              PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
              52, 1), 53, 1), 'hex')::uuid,
       updated_at, '00000000-0000-0000-0000-000000000000', entity, id, 'changed', body
FROM filled
