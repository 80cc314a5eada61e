"""Whatever ends an invoice releases its title at the bank: found in the code, so that the next way is found too
(INV-12)."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import billing
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import GONE, InvoiceStatus

PACKAGE = Path(billing.__file__).parent
ENDS = {InvoiceStatus.SETTLED, *GONE}
HOOKS = {"let_title_go", "let_go"}
BORN_OVER = {"invoicing/issue.py"}
"""Nothing has been requested from a bank yet: an invoice of zero is settled as it is written, a number that cannot be
used is cancelled."""
ENDS_IN_ITS_CALLER = {
    "payments/settling.py": "settled_by_hand",
    "payments/outstanding.py": "closed",
}
"""Pure functions return the invoice; the function that puts it calls the hook."""


ENDED_BEFORE = {"agreements/ending.py": "_restore"}
"""The title was let go when the agreement was made; what reopens is taken back (`take_title_back`)."""
OF_SOMETHING_ELSE = {("agreements/ending.py", "_put_given_up"), ("bank_files/remittances.py", "cancel")}
"""A charge and a file have a verb of the same name."""


def ending_verbs() -> set[str]:
    """Methods of Invoice that can move it to a state in which nobody has to pay it."""
    names = {status.name for status in ENDS}
    tree = ast.parse(inspect.getsource(inspect.getmodule(Invoice)))  # type: ignore[arg-type]
    (kind,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Invoice")
    return {
        verb.name
        for verb in kind.body
        if isinstance(verb, ast.FunctionDef)
        for call in ast.walk(verb)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "_moved"
        and any(isinstance(arg, ast.Attribute) and arg.attr in names for arg in call.args)
    }


def of_invoices() -> Iterator[tuple[str, ast.Module]]:
    """Modules that import Invoice."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text())
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        if any(alias.name in {"Invoice", "invoices"} for node in imports for alias in node.names):
            yield path.relative_to(PACKAGE).as_posix(), tree


def called(tree: ast.AST) -> set[str]:
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }


def sets_an_end(tree: ast.AST) -> bool:
    """`status=InvoiceStatus.SETTLED` and the like, without the methods."""
    names = {status.name for status in ENDS}
    return any(
        isinstance(keyword.value, ast.AST)
        and keyword.arg == "status"
        and any(
            isinstance(part, ast.Attribute)
            and part.attr in names
            and getattr(part.value, "id", "") == "InvoiceStatus"
            for part in ast.walk(keyword.value)
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    )


def test_every_way_to_end_an_invoice_lets_go_of_its_title() -> None:
    verbs = ending_verbs()
    assert verbs >= {"removed", "received"}

    lacking = [
        f"{path}: {function.name}"
        for path, tree in of_invoices()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        and not _of_charges_alone(path)
        and (called(function) & verbs or sets_an_end(function))
        and not called(function) & HOOKS
        and path not in BORN_OVER
        and ENDS_IN_ITS_CALLER.get(path) != function.name
        and ENDED_BEFORE.get(path) != function.name
        and (path, function.name) not in OF_SOMETHING_ELSE
    ]

    assert lacking == []


def test_every_function_that_puts_an_ended_invoice_lets_go_of_its_title() -> None:
    for path, tree in of_invoices():
        pure = ENDS_IN_ITS_CALLER.get(path)
        callers = [
            function
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef) and pure in called(function)
        ]
        assert pure is None or (callers and all(called(caller) & HOOKS for caller in callers)), path


def _of_charges_alone(path: str) -> bool:
    """Charges are removed too, by a method of the same name; closings know invoices only to refuse."""
    return path.startswith("closings/") or path in {"invoicing/charges.py", "payments/reversing.py"}
