"""What the foundation keeps of people: for hours or days, and of Django's own tables."""

from shop.foundation.privacy import keep_personal_data, not_personal

keep_personal_data(
    "shop.IdempotencyRecord",
    why="An answer given once is kept two days; of an account that is erased, it goes at once.",
)
keep_personal_data(
    "shop.OutboxMessage",
    why="Emptied once it is carried out, deleted after two weeks; mail to an erased address goes.",
)
not_personal("shop.AddressSalt", why="Random, one a day, thrown away when the day is over.")
not_personal("shop.Milestone", why="Names of what an installation has done.")
not_personal("auth.Group", why="Names of roles.")
not_personal("auth.Permission", why="Names of rights.")
not_personal("contenttypes.ContentType", why="Names of tables.")
