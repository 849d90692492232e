SELECT 'x FROM customers
