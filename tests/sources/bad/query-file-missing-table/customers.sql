SELECT * FROM "data/customers.csv"
