-- The stream's counter row is the lane's lock across nodes: whoever holds it is alone in this stream's log. What else is
-- needed is read by statements of their own, after it: a row joined here would be from before the wait.
SELECT epoch, seq FROM streams WHERE id = $1 FOR UPDATE
