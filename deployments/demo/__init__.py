"""A little news web written by ourselves: five outlets of different make, served on loopback.

    stories/*.toml ──▶ Story, Edition ──▶ printed pages ──▶ Site per outlet ──▶ five small servers
                            └──▶ truth: what a perfect run would find

Everything that a reader sees lives in files that need no Python to edit: a story and its editions in `stories/`, an
outlet's looks in `outlets/<key>/`, the pages that are no articles in `traps/`, everything around the articles in
`furniture.toml`. All people, places, outlets and events are invented; where a dateline names a real agency it is
there because real pages look like that.
"""
