WITH a AS (SELECT id FROM b), b AS (SELECT id FROM customers)
SELECT id FROM a
