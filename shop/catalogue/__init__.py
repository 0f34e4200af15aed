"""What is sold: frames, variants, pictures."""
