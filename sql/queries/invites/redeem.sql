-- The invite with the hash $2 while it may be used, locked: of two who come with one code the second waits and finds none.
SELECT i.id, i.role, u.role AS maker_role, u.removed_at IS NOT NULL AS maker_removed
FROM invites i
LEFT JOIN users u ON u.restaurant_id = i.restaurant_id AND u.id = i.created_by
WHERE i.restaurant_id = $1 AND i.hash = $2
  AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
FOR UPDATE OF i
