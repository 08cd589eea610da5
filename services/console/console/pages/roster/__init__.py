"""The people of a session: enrolling and withdrawing them."""
