-- Takes the lock $1 of the session, where nobody has it.
SELECT pg_try_advisory_lock($1)
