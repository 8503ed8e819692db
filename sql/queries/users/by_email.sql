-- Who logs in with this address ($1, lower case); the transaction has named it in app.login.
SELECT id, restaurant_id, email, name, role, password_hash
FROM users
WHERE email = $1 AND removed_at IS NULL
