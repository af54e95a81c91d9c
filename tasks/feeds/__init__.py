"""Where articles are found: feeds, sitemaps, listing pages, lists, and the declarations of sources."""
