-- How many donations each of these restaurants has made since $3.
SELECT restaurant_id, count(*) AS made
FROM donations
WHERE board_id = $1 AND restaurant_id = ANY ($2::uuid[]) AND created_at > $3
GROUP BY restaurant_id
