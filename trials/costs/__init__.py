"""What trials cost the shop that no payment shows, booked in the ledger as it happens."""
