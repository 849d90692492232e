SELECT id FROM shop.customers FOR UPDATE
