"""What the provider says about a person or a program, signed."""

import time
import uuid
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from local_stack.identity.keys import ALGORITHM
from local_stack.people import Client, Person

AUDIENCE = "amplify"
PARTNER_AUDIENCE = "amplify-partner"


@dataclass(frozen=True)
class Issuer:
    """Signs tokens for one issuer address; `seconds` is how long they are good."""

    url: str
    key: RSAKey
    seconds: int

    def access_token(self, person: Person, client_id: str) -> str:
        """The token that services accept from a person."""
        return self._sign({"aud": AUDIENCE, "client_id": client_id, **about(person)}, kind="at+jwt")

    def service_token(self, client: Client) -> str:
        """The token that services accept from another service, or on their ports for partners from a partner."""
        claims = {"client_id": client.id, "sub": client.sub, "name": client.id, "roles": list(client.roles)}
        partner = {"aud": PARTNER_AUDIENCE, "organisation": client.organisation}
        return self._sign(claims | (partner if client.organisation else {"aud": AUDIENCE}), kind="at+jwt")

    def id_token(self, person: Person, client_id: str, nonce: str) -> str:
        """What the client itself learns about the person who signed in."""
        claims = {"aud": client_id, **({"nonce": nonce} if nonce else {}), **about(person)}
        return self._sign(claims, kind="JWT")

    def read(self, token: str) -> dict[str, Any]:
        """Claims of one of our own tokens; raises joserfc's errors when it is not ours or has expired."""
        claims = jwt.decode(token, self.key, algorithms=[ALGORITHM]).claims
        jwt.JWTClaimsRegistry(iss={"essential": True, "value": self.url}, exp={"essential": True}).validate(claims)
        return dict(claims)

    def _sign(self, claims: dict[str, Any], kind: str) -> str:
        now = int(time.time())
        times = {"iss": self.url, "iat": now, "exp": now + self.seconds, "jti": str(uuid.uuid4())}
        return jwt.encode({"alg": ALGORITHM, "kid": self.key.kid, "typ": kind}, {**times, **claims}, self.key)


def about(person: Person) -> dict[str, Any]:
    """Claims about a person: the countries of staff, the organisation of a partner, the factory of its manager."""
    return {
        "sub": person.sub,
        "name": person.name,
        "email": person.email,
        "locale": person.locale,
        "roles": [person.role],
        "countries": list(person.countries),
        "organisation": person.organisation,
        "factory": person.factory,
    }
