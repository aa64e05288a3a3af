"""How long decisions take, and how much memory the rules: measured on live servers."""
