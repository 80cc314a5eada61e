"""Mensal: the product. Plain Python; `functions/` call it, an import may only go down (docs/architecture.md)."""

import gc

gc.set_threshold(150_000, 20, 100)
# The collector's default, a walk each 700 objects, costs an eighth of a cold start and more of a run that rates or bills
# thousands: what we make is frozen and without cycles, so that there is hardly anything to find.
