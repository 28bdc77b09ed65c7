"""The public contracts, one module each."""
