SELECT id, uuid() FROM customers
WHERE random() < 0.1
