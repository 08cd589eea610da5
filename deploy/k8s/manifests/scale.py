"""How many of each workload there are where the platform must outlive a node."""

from manifests.parts import Object, labels, workload_name
from manifests.tree import services

REPLICAS, MOST = 3, 9
BY_LOAD = ("grpc", "web")
BUSY_PERCENT = 70


def by_load() -> list[Object]:
    """A HorizontalPodAutoscaler for whatever answers calls: between three replicas and nine, by processor use."""
    found = [(one, role) for one in services() for role in one.roles if role in BY_LOAD]
    return [_autoscaler(one.name, role, workload_name(one, role)) for one, role in found]


def _autoscaler(service: str, role: str, name: str) -> Object:
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "labels": labels(service, role)},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
            "minReplicas": REPLICAS,
            "maxReplicas": MOST,
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": BUSY_PERCENT}},
                }
            ],
            "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}},
        },
    }
