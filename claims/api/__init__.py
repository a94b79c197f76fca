"""The API's face: bodies and tokens in, one operation or query each, JSON out."""
