"""Models 21 and 22, for months before November 2025: Convênio ICMS 115/2003 (as amended by 60/15, 160/15 and 130/16)."""
