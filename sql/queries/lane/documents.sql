-- Documents by entity and id ($2 and $3 are parallel).
SELECT r.entity, r.id, r.number, r.body::text AS body, r.version, r.created_at, r.updated_at, r.external_id
FROM unnest($2::text[], $3::uuid[]) AS asked (entity, id)
JOIN resources r ON r.restaurant_id = $1 AND r.entity = asked.entity AND r.id = asked.id
