"""Every page in a real browser: how it looks, works, and fails."""
