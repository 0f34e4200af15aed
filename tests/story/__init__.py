"""The whole story, from catalogue to counted vote, on real parts."""
