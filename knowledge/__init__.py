"""The law as data: packs of facts, rules, provisions, forms and opinions, and the loader that checks them."""
