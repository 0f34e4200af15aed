"""What friends loved on galleries of customers alike: figures for boxes, and nobody's name."""
