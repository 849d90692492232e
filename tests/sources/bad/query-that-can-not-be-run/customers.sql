SELECT customer_id, mail AS email FROM "customers.csv" WHERE tier IS NULL
