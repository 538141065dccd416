"""Speed as ratios within one run: what people wait for against the least the same machine could do.

Each benchmark works in a database of its own, which it removes. Nothing here asserts a time.
"""
