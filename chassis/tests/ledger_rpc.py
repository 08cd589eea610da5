"""The contract and the servicer of the test service, built at run time so that no generated code is needed."""

import threading
from collections.abc import Callable
from typing import Any

import grpc
import ledger
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from chassis import access
from chassis.access import EVERYTHING, Allow
from chassis.grpc_server import Api
from chassis.identity import Identity
from chassis.rpc import command, query

PACKAGE = "test.ledger.v1"
SERVICE = f"{PACKAGE}.LedgerService"
_TEXT, _NUMBER = FieldDescriptorProto.TYPE_STRING, FieldDescriptorProto.TYPE_INT64
_MESSAGES = {
    "OpenAccountRequest": {"request_id": _TEXT, "account_id": _TEXT, "owner": _TEXT},
    "CreditAccountRequest": {"request_id": _TEXT, "account_id": _TEXT, "amount": _NUMBER, "etag": _TEXT},
    "GetAccountRequest": {"account_id": _TEXT},
    "Account": {"id": _TEXT, "owner": _TEXT, "balance": _NUMBER},
}
_METHODS = {
    "OpenAccount": "OpenAccountRequest",
    "CreditAccount": "CreditAccountRequest",
    "GetAccount": "GetAccountRequest",
    "BreakAccount": "GetAccountRequest",
    "WaitAccount": "GetAccountRequest",
}
LEAKY = "secret-of-the-database-4711"
"""What an unexpected exception says; it must reach nobody."""

access.declare({name: [Allow("clerk")] for name in _METHODS}, {"account": [Allow("clerk", where={"owner": "owners"})]})


def _contract() -> Any:
    file = FileDescriptorProto(name="test/ledger/v1/ledger.proto", package=PACKAGE, syntax="proto3")
    for name, fields in _MESSAGES.items():
        message = DescriptorProto(name=name)
        for number, (field, kind) in enumerate(fields.items(), start=1):
            message.field.add(name=field, number=number, type=kind, label=FieldDescriptorProto.LABEL_OPTIONAL)
        file.message_type.append(message)
    service = file.service.add(name="LedgerService")
    for name, request in _METHODS.items():
        service.method.add(name=name, input_type=f".{PACKAGE}.{request}", output_type=f".{PACKAGE}.Account")
    pool = descriptor_pool.Default()
    pool.Add(file)
    return pool.FindServiceByName(SERVICE)


DESCRIPTOR = _contract()
TYPES: dict[str, Any] = {
    name: message_factory.GetMessageClass(DESCRIPTOR.file.message_types_by_name[name]) for name in _MESSAGES
}
Account = TYPES["Account"]


class Servicer:
    """The test service at its edge. `entered` is set when a waiting call has begun, `leave` lets it end."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.leave = threading.Event()

    def OpenAccount(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Open an account."""
        return command(request, Account, lambda _: _told(ledger.open_with_deadlines(request.account_id, request.owner)))

    def CreditAccount(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Credit an account."""
        return command(
            request, Account, lambda _: _told(ledger.add_credit(request.account_id, request.amount, request.etag))
        )

    def GetAccount(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Read an account, if the caller may see it."""

        def work(caller: Identity) -> Any:
            raw = ledger.accounts.read(access.filter(caller, "account"), request.account_id)
            return Account(id=raw["_id"], owner=raw["owner"], balance=raw["balance"])

        return query(work)

    def BreakAccount(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Fail in a way that nobody foresaw."""
        raise KeyError(f"{LEAKY} {request.account_id}")

    def WaitAccount(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Answer when the test lets it."""
        self.entered.set()
        self.leave.wait(60)
        return Account(id=ledger.accounts.read(EVERYTHING, request.account_id)["_id"])


def register(servicer: Any, server: grpc.Server) -> None:
    """What generated code would do."""
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            getattr(servicer, name), TYPES[request].FromString, Account.SerializeToString
        )
        for name, request in _METHODS.items()
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))


def api(servicer: Servicer | None = None) -> Api:
    """The contract as a server takes it."""
    return Api(DESCRIPTOR, servicer or Servicer(), register)


def call(channel: grpc.Channel, method: str, token: str = "", *, timeout: float = 30.0, **fields: Any) -> Any:
    """Call a method as a client does. Raises grpc.RpcError."""
    stub = channel.unary_unary(
        f"/{SERVICE}/{method}",
        request_serializer=TYPES[_METHODS[method]].SerializeToString,
        response_deserializer=Account.FromString,
    )
    metadata = (("authorization", f"Bearer {token}"),) if token else ()
    return stub(TYPES[_METHODS[method]](**fields), timeout=timeout, metadata=metadata)


def refused(work: Callable[[], Any]) -> tuple[grpc.StatusCode, str]:
    """The code and the reason of the refusal."""
    try:
        work()
    except grpc.RpcError as error:
        caught = error
    else:
        raise AssertionError("it was not refused")
    status = rpc_status.from_call(caught)
    assert status is not None, caught
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert info.domain == "amplify"
    assert LEAKY not in str(caught)
    return caught.code(), info.reason


def _told(account: ledger.Account) -> Any:
    return Account(id=account.id, owner=account.owner, balance=account.balance)
