-- Every token of the user $2.
DELETE FROM password_resets WHERE restaurant_id = $1 AND user_id = $2
