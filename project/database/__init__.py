"""PostgreSQL for Django: connections that do not wait for ever, as a role that owns nothing."""
