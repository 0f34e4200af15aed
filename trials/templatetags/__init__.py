"""What templates of the lower floor's pages ask the trials floor."""
