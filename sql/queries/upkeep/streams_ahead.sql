SELECT stream FROM comanda_streams_ahead($1, $2) AS stream
