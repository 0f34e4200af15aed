"""Friends who came by a link."""
