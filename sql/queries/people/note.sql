-- $3 did $4 to $5.
INSERT INTO people_log (restaurant_id, id, actor_id, action, subject_id, detail)
VALUES ($1, $2, $3, $4, $5, $6)
