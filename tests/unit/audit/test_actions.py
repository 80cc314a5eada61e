"""Everything that the product writes has a named action, or belongs to a change that has one (REP-03, INV-07)."""

import ast
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import billing
from billing.audit.model import Action

SOURCE = Path(billing.__file__).parent
NAMING = {"put", "delete", "put_invoice"}
INCLUDING = {"include", "drop"}

WITHOUT_AN_ENTRY = {
    "agreements/ending.py:_end": "an instalment's charge and invoice have entries each, and the agreement when it is over",
    "bank_files/remittance_file.py:_pin": "what a run chose is its manifest",
    "bank_files/returns.py:_again": "a line is its own record of what it did",
    "bank_files/returns.py:_apply": "a line is its own record of what it did",
    "closings/freezing.py:_without_figures": "figures that are about to be written over count for nothing",
    "contract_changes/carrying_out.py:_finish": "a change of terms is its own record; charges and invoices have entries each",
    "counter/authorising.py:_keep": "tries of a password are their own record",
    "dispatch/sending.py:_keep": "a message is its own history",
    "members/administrators.py:changes_by": "the tenant's row as it was, so that two changes of access cannot cross",
    "invoicing/numbering.py:close": "a block is closed when all that it lists is written",
}


def actions() -> list[type[Action]]:
    for context in pkgutil.iter_modules(billing.__path__):
        if (SOURCE / context.name / "actions.py").exists():
            import_module(f"billing.{context.name}.actions")
    return Action.__subclasses__()


@pytest.mark.req("REP-03")
def test_each_action_is_named_once_and_has_words_that_people_read() -> None:
    members = [member for kind in actions() for member in kind]
    assert len(members) > 80
    assert len({member.value for member in members}) == len(members)
    for member in members:
        thing, _, verb = member.value.partition(".")
        assert thing.isidentifier(), member
        assert verb == member.name.lower()
        assert member.label[0].isupper(), member


def test_every_put_has_a_named_action() -> None:
    """The type of `put` requires an Action; what is only included needs a put next to it, or a caller's changes."""
    unnamed = {
        f"{path.relative_to(SOURCE)}:{name}"
        for path in SOURCE.rglob("*.py")
        for name, calls, is_given in _functions(ast.parse(path.read_text()))
        if calls & INCLUDING and not calls & NAMING and not is_given
    }
    assert unnamed == set(WITHOUT_AN_ENTRY)


def _functions(module: ast.Module) -> Iterator[tuple[str, set[str], bool]]:
    """Name, methods called, and whether the changes are the caller's."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            calls = {
                call.func.attr
                for call in ast.walk(node)
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
            }
            yield node.name, calls, any(argument.arg == "changes" for argument in node.args.args)
