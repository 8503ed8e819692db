-- The donations nearest to a point ($2 latitude, $3 longitude), within $4 km, in statuses $7, nearest first: great-circle
-- distances (haversine) on a sphere of the Earth's mean radius. An index finds what lies in the boxes that can be within
-- it, latitudes $5..$6 and longitudes $8..$9 (parallel, two of them across the date line); the formula tells the rest.
SELECT id, restaurant_id, donor_name, donor_id, name, food_type, quantity, unit, description, lat, lng, address, expires_at,
       image_urls, status, claimed_for, claimed_for_name, claimed_by, claimed_at, picked_up_at, picked_up_by, delivered_at,
       delivered_by, version, created_at, updated_at
FROM (
    SELECT d.*,
           2 * 6371.0088 * asin(least(1, sqrt(
               sin(radians(d.lat - $2) / 2) ^ 2
               + cos(radians($2)) * cos(radians(d.lat)) * sin(radians(d.lng - $3) / 2) ^ 2))) AS km
    FROM unnest($7::text[]) AS wanted (wanted_status)
    CROSS JOIN unnest($8::float8[], $9::float8[]) AS box (west, east)
    CROSS JOIN LATERAL (
        SELECT *
        FROM donations
        WHERE board_id = $1 AND status = wanted_status AND lat BETWEEN $5 AND $6 AND lng BETWEEN west AND east
    ) AS d
) AS found
WHERE km <= $4
ORDER BY km, created_at DESC, id
LIMIT $10
