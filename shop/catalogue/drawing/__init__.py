"""Pictures of spectacles, drawn from their facts: for demos and for frames without a photo."""
