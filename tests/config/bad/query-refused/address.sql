SELECT id FROM customers WHERE email = 'ann@example.com'
