"""Physical demo frames with barcodes and all their movements."""
