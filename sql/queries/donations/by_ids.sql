SELECT id, restaurant_id, donor_name, donor_id, name, food_type, quantity, unit, description, lat, lng, address, expires_at,
       image_urls, status, claimed_for, claimed_for_name, claimed_by, claimed_at, picked_up_at, picked_up_by, delivered_at,
       delivered_by, version, created_at, updated_at
FROM donations
WHERE board_id = $1 AND id = ANY ($2::uuid[])
