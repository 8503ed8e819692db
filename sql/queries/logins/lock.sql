-- Takes the login $2 for this transaction: refreshes, reuse and logout of one family go one after the other.
-- A statement of its own: what is read next must be read after the wait for the lock, not before.
SELECT id FROM logins WHERE restaurant_id = $1 AND id = $2 FOR UPDATE
