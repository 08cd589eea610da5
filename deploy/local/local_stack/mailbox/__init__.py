"""A mailbox for development: takes every message by SMTP, keeps it on disk, shows it on a page. Nothing goes out."""
