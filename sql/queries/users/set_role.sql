-- Gives the user $2 the role $3. The time makes live sockets hear of it, so it stays where nothing changes.
UPDATE users
SET role = $3, role_changed_at = now(), version = version + 1, updated_at = now()
WHERE restaurant_id = $1 AND id = $2 AND removed_at IS NULL AND role <> $3
