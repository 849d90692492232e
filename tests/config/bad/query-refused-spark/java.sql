SELECT reflect('java.lang.System', 'exit', 1) FROM shop.customers
