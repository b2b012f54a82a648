"""The steps, in the order of their numbers. Real: none in nova 2014.2; since 2022 nova/db/main/migrations/versions/."""
