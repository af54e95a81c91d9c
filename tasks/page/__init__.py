"""A page, from bytes to its article: parsing, blocks, metadata, the cleaner."""
