SELECT id FROM events WHERE at > :since AND at < :as_of
