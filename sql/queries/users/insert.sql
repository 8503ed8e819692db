-- A new user of the restaurant $1; a taken address fails on users_email_key.
INSERT INTO users (restaurant_id, id, email, name, role, password_hash)
VALUES ($1, $2, $3, $4, $5, $6)
