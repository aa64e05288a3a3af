"""Pages in, tables out: what columns hold, row by row, and what an import changes."""
