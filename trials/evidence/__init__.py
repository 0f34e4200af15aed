"""Photos that show how a frame or a box arrived, made safe and kept for a time."""
