-- What became of the display with the secret $1.
SELECT restaurant_id, device_id FROM pairings WHERE secret_hash = $1 AND expires_at > now()
