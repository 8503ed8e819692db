UPDATE restaurants SET board_id = $2 WHERE id = $1
