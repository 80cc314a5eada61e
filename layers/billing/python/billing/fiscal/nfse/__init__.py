"""The national NFS-e: the declaration (DPS) in layout 1.01 and what the Sefin Nacional makes of it."""
