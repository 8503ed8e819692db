-- Names the address that is logging in, for the rest of the transaction.
SELECT set_config('app.login', $1, true)
