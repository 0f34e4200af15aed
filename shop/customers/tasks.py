"""What happens to customers that floors above may want to know of."""

from shop.foundation.outbox import news

# How a customer is called, or the language she is spoken to in: ``user``, her number.
news("customers.renamed")
