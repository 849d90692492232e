SELECT id INTO copy FROM shop.customers
