"""What the program is made of, as CycloneDX 1.6 has it: ``python -m supply.bill_of_materials > sbom.cdx.json``.

Made from ``requirements.lock`` and what each package states of itself; the same input gives the same bytes.
"""

from __future__ import annotations

import json
import uuid
from typing import Final

from state.version import VERSION
from supply.locked import ROOT, Package, locked

_SPACE: Final = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # of URLs, RFC 9562


def bill() -> dict[str, object]:
    """The document."""
    packages = locked()
    own = f"pkg:pypi/release-monitor@{VERSION}"
    lock = (ROOT / "requirements.lock").read_text()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, own + lock)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "release-monitor",
                "version": VERSION,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
                "purl": own,
            }
        },
        "components": [_component(each) for each in packages],
        "dependencies": [{"ref": own, "dependsOn": [_purl(each) for each in packages]}],
    }


def _component(package: Package) -> dict[str, object]:
    component: dict[str, object] = {
        "type": "library",
        "bom-ref": _purl(package),
        "name": package.name,
        "version": package.version,
        "purl": _purl(package),
        # Of every file that may be installed; CycloneDX has hashes for one file only.
        "properties": [{"name": "release-monitor:sha256", "value": each} for each in package.hashes],
    }
    if package.condition:
        component["scope"] = "optional"
        component["description"] = f"only where {package.condition}"
    if package.licence:
        component["licenses"] = [{"license": {"name": package.licence}}]
    return component


def _purl(package: Package) -> str:
    return f"pkg:pypi/{package.name}@{package.version}"


if __name__ == "__main__":
    print(json.dumps(bill(), indent=1, ensure_ascii=False))
