"""scopegate beside other policy engines: on the same routes, grants and requests."""
