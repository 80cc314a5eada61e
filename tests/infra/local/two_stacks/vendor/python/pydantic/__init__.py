"""Stands for a package built for another platform: importing it instead of this machine's own fails."""

raise ImportError("built for another platform")
