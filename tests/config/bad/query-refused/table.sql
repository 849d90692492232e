SELECT id
FROM customers
JOIN orders USING (id)
JOIN main.events USING (id)
JOIN events_1 USING (id)
