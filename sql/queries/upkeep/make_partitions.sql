SELECT comanda_make_partitions($1)
