"""`preuve templates schema`: the template language for editors."""

from __future__ import annotations

import json
import sys


def schema() -> None:
    """Print the JSON Schema of template files; docs/template.schema.json is this."""
    from preuve.reading.template.schema import template_schema

    json.dump(template_schema(), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
