"""The pages, one module each; `console/app.py` tells how one is added."""
