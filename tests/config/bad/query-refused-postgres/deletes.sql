WITH gone AS (DELETE FROM shop.customers RETURNING id)
SELECT id FROM gone
