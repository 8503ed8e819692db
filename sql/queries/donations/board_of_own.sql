-- The board on which the donation $1 lies, where the transaction's restaurant has given it.
SELECT comanda_board_of_own($1) AS board_id
