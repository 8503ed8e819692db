SELECT comanda_purge_people($1, make_interval(secs => $2), $3)
