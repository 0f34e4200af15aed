"""Changes of the tables, in order. Never edited once landed."""
