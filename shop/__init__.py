"""The ground floor: catalogue, stock, customers, money, orders and figures."""
