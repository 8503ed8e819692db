SELECT comanda_forget_foreign_hashes(make_interval(secs => $1), $2)
