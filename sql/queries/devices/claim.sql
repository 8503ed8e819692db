-- The display with the code $1 becomes the device $3 of the restaurant $2, once.
UPDATE pairings SET restaurant_id = $2, device_id = $3
WHERE code_hash = $1 AND restaurant_id IS NULL AND expires_at > now()
