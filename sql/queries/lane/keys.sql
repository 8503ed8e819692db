-- Stored answers to any of these keys ($2..$4 are parallel).
SELECT i.user_id, i.scope, i.key, i.fingerprint, i.outcome
FROM idempotency i
JOIN unnest($2::uuid[], $3::text[], $4::text[]) AS asked (user_id, scope, key)
  ON i.user_id = asked.user_id AND i.scope = asked.scope AND i.key = asked.key
WHERE i.stream_id = $1
