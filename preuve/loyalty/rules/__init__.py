"""The program as operators write it, and what its rules make of one occasion. Pure."""
