-- A statement of this transaction may take its time: what moved in ever is read at once. Locks are waited for as ever.
SELECT set_config('statement_timeout', '0', true)
