"""Reads that pages and API share; no writes."""
