"""What runs inside the Rasa process (Python 3.10): nothing here is imported by the service."""
