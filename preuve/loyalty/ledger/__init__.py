"""Points that add up: entries, lots, balances, seals. Read `posting.py`, then `book.py`."""
