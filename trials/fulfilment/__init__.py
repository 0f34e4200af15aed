"""From approved to handed over: pick batches, manifests and their papers."""
