-- The restaurant $1 gives on the board $2 from here on. The time makes its live sockets hear of it, so it stays where nothing
-- changes.
UPDATE restaurants
SET board_id = $2, boards_changed_at = now()
WHERE id = $1 AND kind = 'RESTAURANT' AND board_id <> $2
