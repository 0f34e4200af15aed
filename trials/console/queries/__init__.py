"""What staff see, each page in a fixed number of queries."""
