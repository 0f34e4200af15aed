"""The pages of ops staff."""
