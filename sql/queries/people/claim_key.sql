-- True where no other transaction answers a request of the user $2 by the name $4 for $3; to the end of this one.
SELECT pg_try_advisory_xact_lock(hashtextextended(concat_ws(':', $1::uuid, $2::uuid, $3::text, $4::text), 0))
