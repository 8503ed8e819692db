SELECT currency::text, last_order_number FROM restaurants WHERE id = $1
