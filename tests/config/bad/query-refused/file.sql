SELECT id FROM 'customers.csv'
UNION SELECT id FROM read_csv('/data/all.csv')
