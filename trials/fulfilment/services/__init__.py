"""Making batches, picking them, and handing parcels over."""
