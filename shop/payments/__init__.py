"""Money in and out: cards, payments, refunds, the ledger."""
