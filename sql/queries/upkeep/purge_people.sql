SELECT comanda_purge_people(make_interval(secs => $1), $2)
