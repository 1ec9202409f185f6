"""The contracts of our own: they let pass what is placed and straight, and name what is not."""

from grimp import ImportGraph

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
