"""The console is where people at a programme do their work: pages over the questions and commands of the services.

It decides nothing and keeps nothing but sessions. What a person may see or do is decided by the services; what a page
shows is fetched when it is asked for. A page is a folder of `pages/`, and this is the list of them.
"""

from console.page import Page
from console.pages.language.view import PAGE as LANGUAGE

PAGES: tuple[Page, ...] = (LANGUAGE,)
