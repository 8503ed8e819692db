-- What is kept of the users $2 beside the built-in fields, as text; nothing of who has no such field.
SELECT user_id, fields::text AS fields FROM user_profiles WHERE restaurant_id = $1 AND user_id = ANY ($2::uuid[])
