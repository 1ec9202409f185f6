"""The contracts of our own: they let pass what is placed and straight, and name what is not."""

import tomllib
from pathlib import Path

from grimp import ImportGraph

from state.formats import FORMATS
from tests.import_contracts import NoCircles, placed

CONTRACTS = """
[[tool.importlinter.contracts]]
type = "layers"
containers = ["room"]
layers = ["upper | (middle)", "lower : beside"]

[[tool.importlinter.contracts]]
type = "independence"
modules = ["rules.*"]

[[tool.importlinter.contracts]]
type = "forbidden"
source_modules = ["loose"]
"""


def test_what_contracts_of_layers_and_independence_name_is_placed() -> None:
    named = placed(CONTRACTS)
    assert all(map(named.fullmatch, ["room.upper", "room.middle", "room.lower", "room.beside", "rules.one"]))
    assert not any(map(named.fullmatch, ["room", "rules", "rules.one.two", "room.cellar", "loose"]))


def test_a_circle_over_several_modules_is_found() -> None:
    graph = ImportGraph()
    for name in ("a.one", "b.two", "c.three"):
        graph.add_module(name)
    graph.add_import(importer="a.one", imported="b.two")
    graph.add_import(importer="b.two", imported="c.three")
    contract = NoCircles("no circles", {}, {})
    assert contract.check(graph, verbose=False).kept
    graph.add_import(importer="c.three", imported="a.one")
    check = contract.check(graph, verbose=False)
    assert not check.kept
    assert set(check.metadata["circle"]) == {"a.one", "b.two", "c.three"}


def test_every_reader_stands_in_the_contract_that_keeps_them_apart() -> None:
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text()
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    (apart,) = [each for each in contracts if each["name"] == "Readers do not know each other"]
    rooms = {f"diffing.readers.{each.reader.partition('.')[0]}" for each in FORMATS if each.reader}
    assert rooms == set(apart["modules"])
