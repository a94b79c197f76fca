"""The pages of somebody's own claims: found again, followed, added to, disagreed with."""
