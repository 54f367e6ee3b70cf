"""What an administrator runs beside the server."""
