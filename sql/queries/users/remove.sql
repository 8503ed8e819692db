-- Removes the user $2, ends all its logins and forgets what the house kept of it.
WITH gone AS (
    UPDATE users SET removed_at = now()
    WHERE restaurant_id = $1 AND id = $2 AND removed_at IS NULL
    RETURNING restaurant_id, id
), ended AS (
    UPDATE logins l SET revoked_at = now(), revoked_why = 'removed'
    FROM gone
    WHERE l.restaurant_id = gone.restaurant_id AND l.user_id = gone.id AND l.revoked_at IS NULL
), forgotten AS (
    DELETE FROM user_profiles p USING gone
    WHERE p.restaurant_id = gone.restaurant_id AND p.user_id = gone.id
)
SELECT id FROM gone
