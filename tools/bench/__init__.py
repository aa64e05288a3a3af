"""How long decisions take, and how much memory the rules, on live servers; how fast the page is."""
