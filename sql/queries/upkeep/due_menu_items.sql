SELECT restaurant_id, id FROM comanda_due_menu_items($1, $2, $3)
