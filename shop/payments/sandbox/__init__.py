"""A server that answers as Stripe's test mode does, without keys and without network.

It runs as a process of its own (`python -m shop.payments.sandbox`), imports nothing of the
project, and is talked to by the unmodified `stripe` client. docs/stripe-sandbox.md describes it.
"""
