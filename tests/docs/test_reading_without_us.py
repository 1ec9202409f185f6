"""The reader in docs/archive.md reads all that is packed, in a Python that does not know this program."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from state.document import Definition
from state.store import Store
from tests.commands.running import ROOT
from tests.state.examples import SOURCE, capture, facts, finding, table

_SHOWS_ALL = """
import base64
def rows(sql): return db.execute(sql).fetchall()
print("-----")
print(json.dumps({
    "findings": [json.loads(packed(body)) for (body,) in rows("SELECT body FROM occurrence ORDER BY id")],
    "facts": [json.loads(packed(head))["url"] for (head,) in rows("SELECT head FROM facts ORDER BY release")],
    "heads": [json.loads(packed(head))["name"] for (head,) in rows("SELECT head FROM table_facts")],
    "glossary": [json.loads(packed(data)) for (data,) in rows("SELECT data FROM glossary")],
    "views": [json.loads(packed(data)) for (data,) in rows("SELECT data FROM view")],
    "texts": [json.loads(packed(data)) for (data,) in rows("SELECT data FROM text_bundle")],
    "figures": [json.loads(figures(id)) for (id,) in rows("SELECT content FROM table_facts ORDER BY release")],
    "bodies": [body(id).decode() for (id,) in rows("SELECT body FROM capture WHERE body IS NOT NULL ORDER BY id")],
}))
"""


def reader() -> str:
    text = (ROOT / "docs" / "archive.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```python\n(import json, sqlite3, zstandard\n.*?)```", text, re.DOTALL)
    return str(found)


def body(number: int) -> str:
    return f"<p>{number}</p>" + "<td>the same as ever</td>" * 200


def test_it_reads_findings_figures_texts_and_bytes(tmp_path: Path) -> None:
    rows = tuple(f"county {n}" for n in range(60))
    with Store(tmp_path / "archive.db") as store:
        for number in range(4):
            (release,) = store.record(SOURCE, [capture(body(number), number)])
            values = tuple((n * 1000.0 + (number if n == 5 else 0),) for n in range(60))
            many = replace(table(number), rows=rows, values=values)
            store.report(
                source=SOURCE.id,
                series="page",
                release=release,
                facts=facts(release.id, release.at, tables=(many,), definitions=(Definition("L", "felony"),)),
                texts=[("Heading", f"words of {number}")],
                view={"title": number},
                findings=[finding(id=f"f{number}")],
                at=release.at,
            )
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert db.execute("SELECT count(*) FROM table_content WHERE base IS NOT NULL").fetchone()[0] > 0
        assert db.execute("SELECT count(*) FROM packed WHERE keyframe IS NOT NULL").fetchone()[0] > 0
    done = subprocess.run(
        [sys.executable, "-I", "-c", reader() + _SHOWS_ALL],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    printed, _, told = done.stdout.partition("-----\n")
    assert printed.count("Noncriminal removals fell") == 4
    shown = json.loads(told)
    assert [each["id"] for each in shown["findings"]] == [f"f{number}" for number in range(4)]
    assert shown["findings"][0]["items"][0]["row"] == "Maricopa, AZ"
    assert shown["heads"] == ["Removals"] * 4
    assert [each["values"][5] for each in shown["figures"]] == [[5000.0 + number] for number in range(4)]
    assert shown["bodies"] == [body(number) for number in range(4)]
    assert shown["glossary"][0][0]["wording"] == "felony"
    assert [each["title"] for each in shown["views"]] == [0, 1, 2, 3]
    assert ["Heading", "words of 2"] in [text for bundle in shown["texts"] for text in bundle]
    assert len(shown["facts"]) == 4


def test_the_reader_is_short() -> None:
    assert len([line for line in reader().splitlines() if line.strip()]) <= 20
