"""Try-on photos, made safe."""
