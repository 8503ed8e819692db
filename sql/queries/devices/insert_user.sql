-- The user that a device is.
INSERT INTO users (restaurant_id, id, name, role, device) VALUES ($1, $2, $3, $4, true)
