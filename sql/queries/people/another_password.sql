-- Takes the user $2 before its password is changed: logins that are being opened with the old one (logins/open) come to
-- their end first, and are seen by what ends them then. No less than this keeps them out.
SELECT id FROM users WHERE restaurant_id = $1 AND id = $2 FOR UPDATE
