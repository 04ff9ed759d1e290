"""Networks, their weights, and the ensemble that combines them."""
