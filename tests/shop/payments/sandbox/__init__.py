"""Tests of the Stripe sandbox, by HTTP with the unmodified client."""
