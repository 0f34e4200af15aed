"""What is done with panels: run by staff, tried and answered by testers."""
