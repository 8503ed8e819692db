INSERT INTO idempotency (stream_id, user_id, scope, key, fingerprint, outcome, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
