"""Saved frames, circles and colleagues' notes as pages."""
