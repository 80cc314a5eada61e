"""Fiscal documents: NFCom (62), the national NFS-e, models 21 and 22, and what the customer withholds (FIS-01 to FIS-07)."""
