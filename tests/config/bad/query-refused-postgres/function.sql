SELECT id FROM shop.customers, pg_ls_dir('/')
