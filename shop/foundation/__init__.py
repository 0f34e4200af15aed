"""What every room uses: clock, money, errors, idempotency, locks, history, outbox."""
