-- A page of a board's donations in the statuses $4, newest first, after ($2, $3): the newest of each status, which an index
-- gives in order, and of these the newest.
SELECT id, restaurant_id, donor_name, donor_id, name, food_type, quantity, unit, description, lat, lng, address, expires_at,
       image_urls, status, claimed_for, claimed_for_name, claimed_by, claimed_at, picked_up_at, picked_up_by, delivered_at,
       delivered_by, version, created_at, updated_at
FROM unnest($4::text[]) AS wanted (wanted_status)
CROSS JOIN LATERAL (
    SELECT *
    FROM donations
    WHERE board_id = $1 AND status = wanted_status AND (created_at, id) < ($2, $3)
    ORDER BY created_at DESC, id DESC
    LIMIT $5
) AS newest
ORDER BY created_at DESC, id DESC
LIMIT $5
