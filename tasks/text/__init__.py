"""Plain text: words, normal forms, hashes."""
