INSERT INTO devices (restaurant_id, id, station, claimed_by) VALUES ($1, $2, $3, $4)
