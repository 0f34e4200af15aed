"""Rules of trials say nothing of people."""

from shop.foundation.privacy import keep_personal_data, not_personal

not_personal("trials.Programme", why="The name of a market's rules.")
keep_personal_data(
    "trials.ProgrammeVersion",
    "published_by",
    "withdrawn_by",
    why="Who of staff set the terms that customers were given.",
)
