SELECT TRANSFORM(id) USING 'cat' FROM shop.customers
