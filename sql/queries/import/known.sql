-- What has moved into the restaurant $1 before.
SELECT kind, entity, external_id, id, number FROM external_ids WHERE restaurant_id = $1
