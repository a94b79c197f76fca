"""The claimant's pages. Korean first; each works without scripts."""
