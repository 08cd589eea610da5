"""Every metric of the platform, each with its sentence; no other module creates one."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

RPCS = Histogram(
    "rpc_server_duration_seconds",
    "Time to answer an RPC, by method and status code.",
    ["method", "code"],
    buckets=_SECONDS,
)
STREAMS_OPEN = Gauge("rpc_server_streams_open", "Streams that callers have open, by method.", ["method"])
UNITS_RERUN = Counter("unit_of_work_reruns", "Transactions run again after a transient failure.")
FACTS_PENDING = Gauge("facts_pending", "Committed facts that are not published yet.")
FACTS_PENDING_AGE = Gauge("facts_pending_oldest_seconds", "Age of the oldest fact that is not published yet.")
FACTS_PUBLISHED = Counter("facts_published", "Facts acknowledged by the broker, by stream.", ["stream"])
AGGREGATES_HELD = Gauge("facts_held_aggregates", "Aggregates whose next fact the broker refuses for good.")
STREAMS_HELD = Gauge("facts_held_streams", "Streams that have facts to publish and no topic.")
RELAY_ACTIVE = Gauge("relay_active", "1 while this process holds the relay's lease.")
FACTS_APPLIED = Counter("consumer_facts_applied", "Facts whose effect was committed, by consumer.", ["consumer"])
FACTS_REPEATED = Counter("consumer_facts_repeated", "Facts skipped as duplicates, by consumer.", ["consumer"])
FACTS_PARKED = Counter("consumer_facts_parked", "Facts put aside, by consumer and reason.", ["consumer", "reason"])
FACT_DELAY = Histogram(
    "consumer_fact_delay_seconds",
    "From the fact's commit to its effect's commit, by consumer.",
    ["consumer"],
    buckets=_SECONDS,
)
PARKED = Gauge("parked_facts", "Facts waiting in parking, by consumer.", ["consumer"])
OLDEST_PARKED = Gauge("parked_oldest_seconds", "Age of the oldest parked fact, by consumer.", ["consumer"])
HALTED = Gauge("consumer_halted", "1 while the consumer stands still until an operator clears it.", ["consumer"])
LAG = Gauge("consumer_lag", "Records behind the end of its topics, by consumer.", ["consumer"])
DUE_FIRED = Counter("due_work_done", "Due work done, by kind.", ["kind"])
DUE_FAILED = Counter("due_work_failed", "Attempts at due work that failed and will be repeated, by kind.", ["kind"])
DUE_OVERDUE_AGE = Gauge("due_work_oldest_seconds", "How long the oldest due work has been waiting.")
AUDIT_UNSEALED = Gauge("audit_rows_unsealed", "Audit rows that no seal covers yet.")
MESSAGE_ATTEMPTS = Counter(
    "message_attempts",
    "Attempts to hand a message to a channel's provider, by channel and outcome: sent, or why not.",
    ["channel", "outcome"],
)
MESSAGE_REPEATS = Counter(
    "message_repeats", "Attempts although an earlier one may have arrived, by channel.", ["channel"]
)
MESSAGES_HELD_BACK = Counter(
    "messages_held_back",
    "Messages deferred, collected, suppressed or given up without an attempt, by channel and reason.",
    ["channel", "reason"],
)
