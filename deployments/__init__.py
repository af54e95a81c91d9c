"""What runs where: Prefect deployments, the users' source declarations, and the demo's little news web."""
