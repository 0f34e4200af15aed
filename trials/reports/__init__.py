"""What a customer tells of her frames: she keeps one, one arrived broken, the box is sent back."""
