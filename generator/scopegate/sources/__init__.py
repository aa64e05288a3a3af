"""Documents in, grids of cells out: what a page looks like, and nothing of what it means."""
