-- Revocations of all restaurants later than $1, and the database's time; one row with nulls where there are none.
SELECT now() AS read_at, c.kind, c.login_id, c.user_id, c.at
FROM (VALUES (true)) AS one (row)
LEFT JOIN comanda_auth_changes($1) c ON true
ORDER BY c.at
