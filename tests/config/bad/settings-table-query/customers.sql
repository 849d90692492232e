SELECT *
FROM '../customers.csv'
JOIN orders USING (id)
JOIN '/data/x.xlsx' USING (id)
WHERE at < :as_of
