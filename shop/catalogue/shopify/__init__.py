"""Shopify's product CSV, read without a database: text in, products or named mistakes out."""
