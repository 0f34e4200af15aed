"""Writes of referrals: claiming, promising, rewarding, reviewing."""
