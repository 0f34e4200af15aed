"""What every room stands on: outbox, answers given once, states, locks, money, limits."""
