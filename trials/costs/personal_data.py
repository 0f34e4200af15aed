"""What an act cost says nothing of people."""

from shop.foundation.privacy import keep_personal_data, not_personal

keep_personal_data("trials.CostRates", "made_by", why="Who of staff set what work costs.")
not_personal("trials.CostRates", "currency", why="What the amounts are in.")
not_personal("trials.TrialCost", why="The number of a trial beside an amount.")
