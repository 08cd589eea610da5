"""Who is at the browser: sign-in at the identity provider, and the session that follows."""
