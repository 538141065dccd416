"""The documentation of this version, read and searched on the site."""
