"""Pages made on the server: the law to read without scripts, the desk's page, and its frame."""
