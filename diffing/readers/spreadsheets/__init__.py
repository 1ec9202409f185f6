"""What spreadsheets keep in their XML."""
