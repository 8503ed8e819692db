SELECT currency::text, last_order_number, last_customer_number FROM restaurants WHERE id = $1
