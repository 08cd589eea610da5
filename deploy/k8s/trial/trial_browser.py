"""A person at the console, for the visitors' program: runs in a pod beside it."""

import contextlib
import http.client
import urllib.parse

ANSWER_SECONDS = 5.0


class Browser:
    """One signed-in person, by plain HTTP: follows the sign-in by hand, keeps cookies."""

    def __init__(self, host: str = "console", port: int = 8080) -> None:
        self._host, self._port = host, port
        self._cookies: dict[str, str] = {}

    def page(self, path: str) -> str:
        """The content of a page; signs in when it is asked to. Raises OSError for anything but a page."""
        status, where, content = self._get(path)
        if status == 303 and where.startswith("/sign-in"):
            self._sign_in("programme-officer")
            status, where, content = self._get(path)
        if status != 200:
            raise OSError(f"{path}: {status}")
        return content

    def _sign_in(self, person: str) -> None:
        _, where, _ = self._get("/sign-in/start")
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(where).query))
        answer = self._send("identity", 9000, "POST", "/authorize", urllib.parse.urlencode({**asked, "person": person}))
        back = urllib.parse.urlsplit(answer[1])
        self._get(f"{back.path}?{back.query}")

    def _get(self, path: str) -> tuple[int, str, str]:
        return self._send(self._host, self._port, "GET", path)

    def _send(self, host: str, port: int, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        headers = {"Host": "localhost:8080" if host == self._host else f"{host}:{port}"}
        if host == self._host:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
        with contextlib.closing(connection):
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.split(";", 1)[0].partition("=")
                if host == self._host:
                    self._cookies[name] = value
            return answer.status, answer.headers.get("Location", ""), answer.read().decode(errors="replace")
