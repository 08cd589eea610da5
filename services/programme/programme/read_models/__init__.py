"""Read models of this service, made from facts and rebuilt from them at will."""
