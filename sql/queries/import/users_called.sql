-- Who of the restaurant $1 logs in with these addresses.
SELECT id, email, external_id
FROM users
WHERE restaurant_id = $1 AND email = ANY ($2::text[]) AND removed_at IS NULL
