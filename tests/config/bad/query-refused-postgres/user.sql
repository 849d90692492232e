SELECT id FROM shop.customers WHERE owner = user AND seen > clock_timestamp()
