"""Prints receipts of invented shops and photographs them; `samples/make.py` is the way in."""
