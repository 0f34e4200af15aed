"""The console's pages, a module for each place of work."""
