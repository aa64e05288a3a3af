"""The vendor's exports of users, grants and resources, as the identity bundle."""
