-- First in every transaction: row-level security shows this restaurant ($1), or this donation board ($2), and no other.
-- '' shows none.
SELECT set_config('app.restaurant', $1, true), set_config('app.board', $2, true)
