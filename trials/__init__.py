"""Home trials: boxes out and back."""
