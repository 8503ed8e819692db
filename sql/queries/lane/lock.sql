-- The stream's counter row is the lane's lock across nodes: whoever holds it is alone in this restaurant's log, and
-- everything read after it is the newest there is.
SELECT s.epoch, s.seq, r.currency::text, r.last_order_number
FROM streams s
JOIN restaurants r ON r.id = s.id
WHERE s.id = $1
FOR UPDATE OF s
