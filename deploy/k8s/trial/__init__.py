"""Tries the platform on a real cluster: `make k8s-try`, with a KUBECONFIG. Every check prints what it saw."""
