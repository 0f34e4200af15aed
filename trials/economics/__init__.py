"""What trials earn and cost, to the cent of the ledger."""
