UPDATE menu_items SET available = $3, remaining = $4, station = $5
WHERE restaurant_id = $1 AND id = $2 AND remaining IS NOT DISTINCT FROM $6
