SELECT comanda_purge_idempotency(make_interval(secs => $1), $2)
