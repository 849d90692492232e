SELECT id, getenv('HOME') FROM customers
