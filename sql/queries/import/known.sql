-- What has moved into the restaurant $1 before; users also where they were removed since.
SELECT known.kind, known.entity, known.external_id, known.id, known.number, gone.id IS NOT NULL AS removed
FROM external_ids known
LEFT JOIN users gone ON gone.restaurant_id = $1 AND gone.id = known.id AND known.kind = 'user' AND gone.removed_at IS NOT NULL
WHERE known.restaurant_id = $1
