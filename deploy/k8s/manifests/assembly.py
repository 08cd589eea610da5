"""All generated files, by their place below deploy/k8s."""

from collections.abc import Callable

from manifests import configuration, edge, kafka, network, scale, telemetry, workloads
from manifests.parts import PLATFORM_SETTINGS, SECRETS_DIR, all_labels, generated, kustomization, text, workload_name
from manifests.tree import Service, release, services

Files = dict[str, str]


def files() -> Files:
    """Every generated file."""
    found: Files = {}
    for part in PARTS:
        found |= part()
    return found


def base() -> Files:
    """`base/`: the platform's shared objects and a folder for each service."""
    found = {"base/kustomization.yaml": kustomization(resources=["platform", *(one.name for one in services())])}
    found |= _platform()
    for service in services():
        found |= _service(service)
    return found


def development_secrets() -> Files:
    """The secrets of `overlays/dev`, known to everybody."""
    found: Files = {}
    generators = []
    for service in services():
        file = f"{service.name}.env"
        found[f"overlays/dev/secrets/{file}"] = configuration.env_file(configuration.development_secrets(service))
        generators.append(generated(f"{service.name}-secrets", service.name, "secrets", envs=[file]))
    found["overlays/dev/secrets/kustomization.yaml"] = kustomization(secretGenerator=generators)
    return found


def release_component() -> Files:
    """`components/release`: the tag of this release on every image."""
    images = [{"name": f"amplify/{one.name}", "newTag": release()} for one in services()]
    images.append({"name": "amplify/development", "newTag": release()})
    return {"components/release/kustomization.yaml": kustomization("Component", images=images)}


def strimzi() -> Files:
    """`components/strimzi`: topics and users by hand of the operator, and its passwords in the pods."""
    users = [one for one in services() if one.writes or one.reads]
    patches = [
        {
            "target": {"labelSelector": f"app.kubernetes.io/name={one.name}", "kind": kind},
            "patch": text([{"op": "add", "path": f"{VOLUME}/sources/-", "value": source} for source in _sources(one)]),  # type: ignore[arg-type]
        }
        for one in users
        for kind in ("Deployment", "StatefulSet", "Job")
    ]
    drop = {"$patch": "delete", "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": _topics_job()}}
    settings = [
        "KAFKA_BOOTSTRAP=amplify-kafka-bootstrap:9093",
        "KAFKA_SECURITY=SASL_SSL",
        f"KAFKA_CA_FILE={SECRETS_DIR}/kafka-ca.crt",
    ]
    return {
        "components/strimzi/topics.yaml": text(*kafka.topics()),
        "components/strimzi/users.yaml": text(*kafka.users()),
        "components/strimzi/kustomization.yaml": kustomization(
            "Component",
            resources=["cluster.yaml", "network.yaml", "topics.yaml", "users.yaml"],
            configMapGenerator=[{"name": PLATFORM_SETTINGS, "behavior": "merge", "literals": settings}],
            patches=[*patches, {"patch": text(drop)}],
        ),
    }


def keda() -> Files:
    """`components/keda`: streams scaled by lag; `components/keda-strimzi`: the scaler's user at that broker."""
    # What a scaler rules names no number of replicas: an `apply` would set it back.
    ruled = text(
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "any"}, "spec": {"replicas": None}}
    )
    streams = {"target": {"kind": "StatefulSet", "labelSelector": "app.kubernetes.io/component=stream"}, "patch": ruled}
    trust = {"target": {"kind": "TriggerAuthentication"}, "patch": text(kafka.scaler_trusts_cluster())}  # type: ignore[arg-type]
    return {
        "components/keda/streams.yaml": text(*kafka.scaled_objects()),
        "components/keda/kustomization.yaml": kustomization("Component", resources=["streams.yaml"], patches=[streams]),
        "components/keda-strimzi/user.yaml": text(kafka.scaler()),
        "components/keda-strimzi/kustomization.yaml": kustomization(
            "Component", resources=["user.yaml"], patches=[trust]
        ),
    }


def gateway() -> Files:
    """`components/gateway`: the routes from outside."""
    return {
        "components/gateway/routes.yaml": text(*edge.routes()),
        "components/gateway/kustomization.yaml": kustomization(
            "Component", resources=["gateway.yaml", "routes.yaml"], replacements=edge.hosts()
        ),
    }


def high_availability() -> Files:
    """`components/high-availability`: three of everything, and gRPC and pages scaled by load from there."""
    others = [workload_name(one, role) for one in services() for role in one.roles if role not in scale.BY_LOAD]
    return {
        "components/high-availability/autoscaling.yaml": text(*scale.by_load()),
        "components/high-availability/kustomization.yaml": kustomization(
            "Component",
            resources=["autoscaling.yaml"],
            replicas=[{"name": name, "count": scale.REPLICAS} for name in others],
        ),
    }


def collector() -> Files:
    """`components/telemetry`: what the collector scrapes."""
    return {"components/telemetry/configuration.yaml": text(telemetry.configuration())}


def own_images() -> Files:
    """`components/own-images`: broker and database from our own Dockerfiles, where nothing can be pulled."""
    own = {"apache/kafka": "kafka", "mongo": "mongodb"}
    images = [{"name": of, "newName": f"amplify/{name}", "newTag": release()} for of, name in own.items()]
    return {"components/own-images/kustomization.yaml": kustomization("Component", images=images)}


def _platform() -> Files:
    topics = next(one for one in services() if one.name == kafka.TOPICS_SERVICE)
    job = workloads.migration(topics)
    pod = workloads.pod(topics, "topics", ["chassis.topics", "--replication", str(kafka.REPLICATION)])
    pod["restartPolicy"] = "OnFailure"
    job["metadata"] = {"name": _topics_job(), "labels": all_labels("topics", "migrate")}
    job["spec"]["template"] = {
        "metadata": {"labels": {**all_labels("topics", "migrate"), **workloads.ways(topics, "topics")}},
        "spec": pod,
    }
    return {
        "base/platform/network.yaml": text(*network.shared_policies()),
        "base/platform/topics.yaml": text(job),
        "base/platform/settings.env": configuration.env_file(configuration.PLATFORM),
        "base/platform/kustomization.yaml": kustomization(
            resources=["network.yaml", "topics.yaml"],
            configMapGenerator=[generated(PLATFORM_SETTINGS, "platform", "settings", envs=["settings.env"])],
        ),
    }


def _service(service: Service) -> Files:
    place = f"base/{service.name}"
    roles = service.roles
    budgets = [workloads.disruption_budget(service, role) for role in roles]
    running = [workloads.workload(service, role) for role in roles]
    listed = ["network.yaml", "workloads.yaml", *([] if service.is_web else ["migration.yaml"])]
    found = {
        f"{place}/workloads.yaml": text(workloads.service_account(service), *running, *budgets),
        f"{place}/network.yaml": text(*network.network_services(service), *network.policies(service)),
        f"{place}/settings.env": configuration.env_file(configuration.own_settings(service)),
        f"{place}/kustomization.yaml": kustomization(
            resources=listed,
            configMapGenerator=[generated(f"{service.name}-settings", service.name, "settings", envs=["settings.env"])],
        ),
    }
    if not service.is_web:
        found[f"{place}/migration.yaml"] = text(workloads.migration(service))
    return found


def _topics_job() -> str:
    return f"topics-{release().replace('.', '-')}"


def _sources(service: Service) -> list[dict[str, object]]:
    password = {"name": service.name, "items": [{"key": "password", "path": "KAFKA_PASSWORD"}]}
    authority = {"name": f"{kafka.CLUSTER}-cluster-ca-cert", "items": [{"key": "ca.crt", "path": "kafka-ca.crt"}]}
    return [{"secret": password}, {"secret": authority}]


VOLUME = "/spec/template/spec/volumes/0/projected"
PARTS: tuple[Callable[[], Files], ...] = (
    base,
    development_secrets,
    release_component,
    strimzi,
    keda,
    gateway,
    high_availability,
    collector,
    own_images,
)
