"""What needs a container engine is collected only where one is asked for."""

import os

collect_ignore = [] if os.environ.get("TEST_STACK") == "containers" else ["stack/test_engine.py"]
