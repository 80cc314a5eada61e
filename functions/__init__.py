"""The handlers, one folder per function. Each loads this package first, and with it what makes its start short.

`billing` sets the garbage collector's pace before anything large is loaded. urllib3 and pynamodb are loaded while the
stack is short: from deep in a chain of imports, compiling urllib3's patterns goes past the end of a page of frames,
which CPython then maps and unmaps 2,900 times.
"""

import billing  # noqa: F401

# isort: split
import urllib3  # noqa: F401

# isort: split
import pynamodb.models  # noqa: F401
