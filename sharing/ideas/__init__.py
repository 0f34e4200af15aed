"""Ideas: customers propose and vote, the maker answers, who asked hears what was built."""
