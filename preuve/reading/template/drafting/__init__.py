"""The trades of drafting a template: what to know it by, which words, which rows (`draft.py`)."""
