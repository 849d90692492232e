SELECT id FROM parquet.`/data/x`
