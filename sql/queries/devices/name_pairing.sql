-- Names the code or the secret of a pairing ($1, its SHA-256 in hex), for the rest of the transaction.
SELECT set_config('app.pairing', $1, true)
