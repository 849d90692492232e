SELECT id FROM customers;
SELECT id FROM events
