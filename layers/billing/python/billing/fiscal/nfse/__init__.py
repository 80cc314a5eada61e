"""The national NFS-e: the declaration (DPS) in layout 1.01, and the note that the Sefin Nacional makes from it."""
