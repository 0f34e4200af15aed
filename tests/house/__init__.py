"""Proofs of how the house is built: floors, doors, jobs, migrations, pages."""
