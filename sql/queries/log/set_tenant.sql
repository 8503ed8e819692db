-- First in every transaction: row-level security shows this restaurant and no other. '' shows none.
SELECT set_config('app.restaurant', $1, true)
