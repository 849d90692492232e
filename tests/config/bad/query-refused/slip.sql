SELECT id
FROM customers
WHERE
