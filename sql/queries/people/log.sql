-- A page of what was done to people of the restaurant $1, newest first, after ($2, $3); with $5 to that one only.
SELECT l.id, l.at, l.action, l.actor_id, a.name AS actor_name, l.subject_id, s.name AS subject_name, l.detail
FROM people_log l
LEFT JOIN users a ON a.restaurant_id = l.restaurant_id AND a.id = l.actor_id
LEFT JOIN users s ON s.restaurant_id = l.restaurant_id AND s.id = l.subject_id
WHERE l.restaurant_id = $1
  AND (l.at, l.id) < ($2, $3)
  AND ($5::uuid IS NULL OR l.subject_id = $5)
ORDER BY l.at DESC, l.id DESC
LIMIT $4
