"""One factory: its record, its consents, its assessments and its history."""
