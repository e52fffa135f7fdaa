"""The admin web app: pages over the published tables. It reads Postgres only and never ranks or counts millions."""
