"""Small groups of people who save and discuss frames together."""
