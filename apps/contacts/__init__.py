"""Leaders and the experts they keep in touch with: visits, requests."""
