-- Changes of the user $2 what is not null: name, address, role, password; where $7 is given, only while that is the hash of
-- its password. The time of a new role makes live sockets hear of it, so it stays where nothing changes; so does the
-- version, which is of what is shown.
UPDATE users
SET name = coalesce($3, name),
    email = coalesce($4, email),
    role = coalesce($5, role),
    role_changed_at = CASE WHEN $5 <> role THEN now() ELSE role_changed_at END,
    password_hash = coalesce($6, password_hash),
    version = CASE WHEN (coalesce($3, name), coalesce($4, email), coalesce($5, role)) = (name, email, role)
                   THEN version ELSE version + 1 END,
    updated_at = CASE WHEN (coalesce($3, name), coalesce($4, email), coalesce($5, role)) = (name, email, role)
                      THEN updated_at ELSE now() END
WHERE restaurant_id = $1 AND id = $2 AND removed_at IS NULL AND NOT device
  AND ($7::text IS NULL OR password_hash = $7)
RETURNING id, restaurant_id, email, name, role, created_at, external_id, version, coalesce(updated_at, created_at) AS updated_at
