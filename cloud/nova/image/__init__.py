"""Images as nova sees them: glance is the service that has them, s3 knows them by numbers, for EC2's API."""
