"""The handlers, a folder a function. Each loads this package first, and with it what makes its start short.

`billing` sets the collector's pace before anything large is loaded. urllib3 and pynamodb are loaded while the stack is short: from
within a chain of imports, urllib3's patterns compile past the end of a page of frames, which CPython maps and unmaps 2,900 times.
"""

import billing  # noqa: F401

# isort: split
import urllib3  # noqa: F401

# isort: split
import pynamodb.models  # noqa: F401
