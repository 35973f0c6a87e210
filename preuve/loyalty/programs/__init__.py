"""The versions of programs, which one is in force, and what a new one would give."""
