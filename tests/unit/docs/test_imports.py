"""No module of the product imports itself by way of others. That no import goes up a context is checked by
`lint-imports`."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest


def circle(imports: Mapping[str, set[str]]) -> list[str]:
    """The modules of one circle, each importing the next; empty if there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


@pytest.mark.parametrize("package", ["billing", "infra"])
def test_no_module_imports_itself_by_way_of_others(package: str) -> None:
    """Not for types alone either: a type that a lower module needs is defined below."""
    graph = grimp.build_graph(package, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    assert len(imports) > 10
    assert circle(imports) == []


def test_circle_is_reported_in_its_order() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})[:-1] in (
        ["a", "b", "c"],
        ["b", "c", "a"],
        ["c", "a", "b"],
    )
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
