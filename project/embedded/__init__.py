"""PostgreSQL and Valkey from wheels, kept running in DATA_DIR for who has none of their own."""
