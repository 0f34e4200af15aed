"""Whether a trial may go out without a person looking: rules, and what they found."""
