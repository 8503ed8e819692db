SELECT comanda_purge_pairings()
