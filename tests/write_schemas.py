"""Writes the JSON Schemas in docs/ anew: `python -m tests.write_schemas`, after a change of a form."""

import json
from pathlib import Path

import msgspec

from resnet_studio.design.design_json import DesignInFile

DOCS = Path(__file__).parents[1] / "docs"
FORMS = {"design.schema.json": DesignInFile}

if __name__ == "__main__":
    for name, form in FORMS.items():
        (DOCS / name).write_text(json.dumps(msgspec.json.schema(form), indent=2, ensure_ascii=False) + "\n")
