"""What the collector does: whose metrics it scrapes, and where it hands metrics and traces on."""

from manifests.parts import METRICS, Object
from manifests.tree import services

BACKEND = "${env:BACKEND}"


def configuration() -> Object:
    """The collector's configuration. Pods are found by name, not through the API server: it has no token either."""
    scraped = [one for one in services() if not one.is_web]
    jobs = [
        {
            "job_name": one.name,
            "scrape_interval": "15s",
            "dns_sd_configs": [{"names": [f"{one.name}-metrics"], "type": "A", "port": METRICS}],
        }
        for one in scraped
    ]
    return {
        "extensions": {"health_check": {"endpoint": "0.0.0.0:13133"}},
        "receivers": {
            "otlp": {"protocols": {"http": {"endpoint": "0.0.0.0:4318"}}},
            "prometheus": {"config": {"scrape_configs": jobs}},
        },
        "processors": {"memory_limiter": {"check_interval": "1s", "limit_mib": 400}, "batch": {}},
        "exporters": {"otlphttp": {"endpoint": BACKEND}},
        "service": {
            "extensions": ["health_check"],
            "pipelines": {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": ["memory_limiter", "batch"],
                    "exporters": ["otlphttp"],
                },
                "metrics": {
                    "receivers": ["prometheus"],
                    "processors": ["memory_limiter", "batch"],
                    "exporters": ["otlphttp"],
                },
            },
        },
    }
