"""How the snake_case names of tables, functions and machines are written in a template."""


def pascal_case(name: str) -> str:
    """
    >>> pascal_case("bank_files")
    'BankFiles'
    """
    return "".join(word.capitalize() for word in name.split("_"))
