-- Where the stream stands at the moment of a snapshot, and what money is in.
SELECT s.epoch, s.seq, r.currency::text AS currency
FROM streams s
JOIN restaurants r ON r.id = s.id
WHERE s.id = $1
