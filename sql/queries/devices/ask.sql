-- A display waits to be claimed, for $3 seconds. A code that another display waits with fails on pairings_pkey.
INSERT INTO pairings (code_hash, secret_hash, expires_at) VALUES ($1, $2, now() + make_interval(secs => $3))
