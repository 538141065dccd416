"""PostgreSQL for Django, by connections that do not wait for ever."""
