"""What several OpenStack projects shared by copying it; later the oslo libraries."""
