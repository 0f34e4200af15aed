"""What is done with circles: made and kept, invited into, joined and left."""
