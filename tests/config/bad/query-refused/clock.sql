SELECT id
FROM events
WHERE at > now() AND at < current_date AND at > TIMESTAMP 'yesterday'
