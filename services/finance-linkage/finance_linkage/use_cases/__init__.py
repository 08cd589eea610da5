"""What can be asked of this service, one thing a file: load one aggregate, call one verb, save."""
