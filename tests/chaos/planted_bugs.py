"""The bugs that `planted.py` plants: what is changed where, and the test that must go red for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bug:
    """`old` becomes `new` in a file of the chassis or of a service, and `test` (pytest arguments) must fail for it."""

    name: str
    file: str
    old: str
    new: str
    test: str
    package: str = "chassis/chassis"


IT = "chassis/tests/integration"
ASSESSMENT = "services/assessment/assessment"
FINANCE = "services/finance-linkage/finance_linkage"
NOTIFICATIONS = "services/notifications/notifications"
TRAINING = "services/training/training"
BUGS = (
    Bug(
        "acknowledged before the commit",
        "faust_port.py",
        "                await asyncio.get_running_loop().run_in_executor(self._worker, self._handle, records)\n",
        "                [event.ack() for event in events]\n"
        "                await asyncio.get_running_loop().run_in_executor(self._worker, self._handle, records)\n",
        f"{IT}/test_port.py -k before_its_effect",
    ),
    Bug(
        "Faust's default acknowledgement",
        "faust_port.py",
        "stream.noack_take(",
        "stream.take(",
        f"{IT}/test_port.py -k raises",
    ),
    Bug(
        "latest instead of earliest",
        "faust_port.py",
        'consumer_auto_offset_reset="earliest"',
        'consumer_auto_offset_reset="latest"',
        f"{IT}/test_replay.py -k joins_late",
    ),
    Bug(
        "marked before sent",
        "relay.py",
        '        missing = self._without_topic({row["stream"] for',
        '        self._mark(rows)\n        missing = self._without_topic({row["stream"] for',
        f"{IT}/test_relay.py -k before_the_acknowledgement",
    ),
    Bug(
        "relay reads without a snapshot",
        "relay.py",
        "start_session(snapshot=True)",
        "start_session(snapshot=False)",
        f"{IT}/test_relay.py -k never_sees",
    ),
    Bug(
        "futures not checked",
        "acknowledgements.py",
        "        return error\n",
        "        return None\n",
        f"{IT}/test_relay.py -k refuses_for_good",
    ),
    Bug(
        "missing topic stops every stream",
        "relay.py",
        '        missing = self._without_topic({row["stream"] for row in rows})\n',
        "        missing: set[str] = set()\n",
        f"{IT}/test_missing_topic.py -k others_flow",
    ),
    Bug(
        "acknowledged facts forgotten in an outage",
        "relay.py",
        "            if is_outage(error):\n                outage = outage or error\n",
        "            if is_outage(error):\n                raise error\n",
        "tests/chaos/test_outages.py -k broker_died",
    ),
    Bug(
        "lease ignored",
        "relay.py",
        "        if self._held is None:\n",
        "        self._held = self._held or Held('relay', 0)\n        if self._held is None:\n",
        "tests/chaos/test_relays.py",
    ),
    Bug(
        "lease by whoever asks",
        "lease.py",
        'takes = {"$or": [mine, ',
        'takes = {"$or": [True, ',
        f"{IT}/test_relay.py -k one_holder",
    ),
    Bug(
        "position outside the transaction",
        "applying.py",
        "            positions.save((before[place], after[place])"
        " for place in before if after[place] != before[place])\n"
        '            fail_points.reach("stream.handled")\n\n'
        "        unit_of_work(work)\n",
        '            fail_points.reach("stream.handled")\n'
        "            moves.extend((before[one], after[one]) for one in before if after[one] != before[one])\n\n"
        "        moves: list = []\n"
        "        unit_of_work(work)\n"
        "        unit_of_work(lambda: positions.save(moves))\n",
        f"{IT}/test_applying.py -k right_after_the_commit",
    ),
    Bug(
        "duplicates applied",
        "positions.py",
        "            return Verdict.DUPLICATE\n",
        "            return Verdict.NEXT\n",
        f"{IT}/test_line.py -k three_times",
    ),
    Bug(
        "gap applied",
        "positions.py",
        "return Verdict.NEXT if sequence == self.sequence + 1 else Verdict.GAP",
        "return Verdict.NEXT",
        f"{IT}/test_line.py -k gap_parks",
    ),
    Bug(
        "fork taken for a duplicate",
        "positions.py",
        "        if sequence == self.sequence and event_id != self.event_id:\n            return Verdict.FORK\n",
        "",
        f"{IT}/test_line.py -k a_fork_parks",
    ),
    Bug(
        "parked aggregate not blocked",
        "positions.py",
        "        if self.waiting:\n            return Verdict.BLOCKED\n",
        "",
        f"{IT}/test_line.py -k handler_that_raises",
    ),
    Bug(
        "position without its guard",
        "positions.py",
        'return guard | {"sequence": before.sequence, "waiting": before.waiting} if _exists(before) else guard',
        "return guard",
        f"{IT}/test_applying.py -k guarded",
    ),
    Bug(
        "what waits is not woken",
        "applying.py",
        "                if position.waiting:\n"
        "                    parking.wake(self.name, message.stream, message.key)\n",
        "",
        f"{IT}/test_applying.py -k filling_a_gap",
    ),
    Bug(
        "outage taken for poison",
        "outcomes.py",
        "    if isinstance(error, Unavailable | ConnectionError | TimeoutError) or is_transient(error):\n",
        "    if error:\n        return False\n    if is_transient(error):\n",
        f"{IT}/test_applying.py -k service_that_is_down",
    ),
    Bug(
        "no rerun on a transient fault",
        "unit_of_work.py",
        "                if not is_transient(error) or",
        "                if True or",
        f"{IT}/test_unit_of_work.py -k transient_fault",
    ),
    Bug(
        "unknown commit not asked again",
        "unit_of_work.py",
        'if not error.has_error_label("UnknownTransactionCommitResult") or',
        "if True or",
        f"{IT}/test_unit_of_work.py -k unknown_outcome",
    ),
    Bug(
        "version guard dropped",
        "repository.py",
        'return _update(aggregate.id, {"version": before["version"]}, to_set, to_unset)',
        "return _update(aggregate.id, {}, to_set, to_unset)",
        f"{IT}/test_repository.py -k version",
    ),
    Bug(
        "filter forgotten in a read",
        "repository.py",
        'find_one({"$and": [{"_id": id}, visible.query]}',
        'find_one({"$and": [{"_id": id}, {}]}',
        f"{IT}/test_rpc.py -k rules_allow",
    ),
    Bug(
        "filter forgotten in a list",
        "repository.py",
        'condition = {"$and": [visible.query, query, ',
        'condition = {"$and": [query, ',
        f"{IT}/test_repository.py -k filter_hides",
    ),
    Bug(
        "order by the clock alone",
        "facts.py",
        'max(int(now.timestamp() * 1_000_000), root.get("order", 0) + 1)',
        "int(now.timestamp() * 1_000_000)",
        f"{IT}/test_repository.py -k order_of",
    ),
    Bug(
        "answer kept outside the transaction",
        "rpc.py",
        "        idempotency.remember(*key, request, result)\n        return result\n\n    return unit_of_work(once)\n",
        "        return result\n\n    result = unit_of_work(once)\n"
        "    key = (call.caller.subject, call.method, request.request_id)\n"
        "    unit_of_work(lambda: idempotency.remember(*key, request, result))\n    return result\n",
        f"{IT}/test_rpc.py -k lost_after_the_commit",
    ),
    Bug(
        "request not compared",
        "idempotency.py",
        'if row["request"] != _digest(request):',
        "if False:",
        f"{IT}/test_rpc.py -k another_request",
    ),
    Bug(
        "audience not checked",
        "identity.py",
        'options={"require"',
        'options={"verify_aud": False, "require"',
        f"{IT}/test_rpc_guard.py -k bad_token",
    ),
    Bug(
        "exception text in logs",
        "logs.py",
        'return f"{type(error).__module__}.{type(error).__qualname__} at',
        'return f"{type(error).__module__}.{type(error).__qualname__} {error} at',
        f"{IT}/test_rpc_guard.py -k logs_and_spans",
    ),
    Bug(
        "due work fired outside its transaction",
        "due_work.py",
        '        if db().due_work.delete_one({"_id": row["_id"], "stamp": row["stamp"]}).deleted_count:\n'
        "            handler(due)\n",
        '        mine = {"_id": row["_id"]}\n'
        "        gone = threading.Thread(target=lambda: db().due_work.delete_one(mine))\n"
        "        gone.start()\n        gone.join()\n        handler(due)\n",
        f"{IT}/test_due.py -k fails_keeps",
    ),
    Bug(
        "moved deadline fired at its old time",
        "due_work.py",
        '        if db().due_work.delete_one({"_id": row["_id"], "stamp": row["stamp"]}).deleted_count:\n',
        '        if db().due_work.delete_one({"_id": row["_id"]}).deleted_count:\n',
        f"{IT}/test_due.py -k moved",
    ),
    Bug(
        "live_from ignored",
        "live_from.py",
        "        if message.stream in self.remade:\n",
        "        return True\n        if message.stream in self.remade:\n",
        f"{IT}/test_replay.py -k joins_late",
    ),
    Bug(
        "remade topics not noticed",
        "live_from.py",
        "if known.get(stream, id) != id}",
        "if False}",
        f"{IT}/test_replay.py -k new_reader_after_a_wipe",
    ),
    Bug(
        "old generation dropped at once",
        "view.py",
        "        return row is None or server_now()",
        "        return True or server_now()",
        f"{IT}/test_rebuild.py -k while_it_serves",
    ),
    Bug(
        "stream goes on under a consent that was withdrawn",
        "partners/watching.py",
        "        if rows or time.monotonic() - self._asked[0] > pause:\n",
        "        if False:\n",
        "services/assessment/tests/integration/test_partner_stream.py -k withdrawn_ends_at_once",
        ASSESSMENT,
    ),
    Bug(
        "resume token of another partner taken",
        "partners/tokens.py",
        "        if owner != organisation_id:\n",
        "        if False:\n",
        "services/assessment/tests/integration/test_partner_stream.py -k another_or_an_edited",
        ASSESSMENT,
    ),
    Bug(
        "own proof verified",
        "domain/improvement_line.py",
        "        if actor == proof.prover:\n",
        "        if False:\n",
        "services/assessment/tests/unit/test_improvement_plan.py",
        ASSESSMENT,
    ),
    Bug(
        "order of the news decides on the receipt",
        "domain/receipt.py",
        "sorted(found.sources if found else ())",
        "(found.sources if found else ())",
        "services/finance-linkage/tests/unit/test_receipt.py -k any_order",
        FINANCE,
    ),
    Bug(
        "withdrawn consent does not stop the referral",
        "policies.py",
        "        lose_consent(LoseConsent(fact.grant_id, StopReason.CONSENT_WITHDRAWN))\n",
        "        pass\n",
        "services/finance-linkage/tests/integration/test_referrals.py -k withdrawal",
        FINANCE,
    ),
    Bug(
        "financier sees another's referral",
        "access.py",
        '{"financier_id": "organisation", "state": SENT}',
        '{"state": SENT}',
        "services/finance-linkage/tests/integration/test_referrals.py -k knows_of_its_own",
        FINANCE,
    ),
    Bug(
        "session over its capacity",
        "domain/enrolment.py",
        "    placed, late = fresh[: session.places_left], fresh[session.places_left :]\n",
        "    placed, late = fresh, fresh[:0]\n",
        "services/training/tests/unit/test_enrolment.py",
        TRAINING,
    ),
    Bug(
        "message planned at each delivery",
        "domain/message.py",
        "return str(uuid.uuid5(NAMESPACE",
        "return str(uuid.uuid5(uuid.uuid4()",
        "services/notifications/tests/integration/test_planning.py",
        NOTIFICATIONS,
    ),
    Bug(
        "message sent although the consent is gone",
        "sending.py",
        "            if message.needs_grant_of and not self._entitled(message):\n",
        "            if False:\n",
        "services/notifications/tests/integration/test_sending.py -k consent_withdrawn",
        NOTIFICATIONS,
    ),
    Bug(
        "quiet hours not kept",
        "domain/gate.py",
        "    if disturbs and wishes.quiet_hours is not None:\n",
        "    if False:\n",
        "services/notifications/tests/unit/test_gate.py -k judges",
        NOTIFICATIONS,
    ),
    Bug(
        "consent counts after its end",
        "live_consents.py",
        '_one({"_id": place, **_live(now), **purpose})',
        '_one({"_id": place, **purpose})',
        "services/programme/tests/integration/test_consents.py",
        "services/programme/programme",
    ),
)
