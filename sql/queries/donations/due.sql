SELECT board_id, id FROM comanda_due_donations($1, $2)
