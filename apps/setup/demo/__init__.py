"""The demo district 云岭区: fictional, the same at every loading, with data for two years."""
