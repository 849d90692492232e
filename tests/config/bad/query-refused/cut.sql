SELECT id FROM customers LIMIT 10
