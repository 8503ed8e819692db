INSERT INTO instance (key, value) VALUES ('entity:' || $1::text, $2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
