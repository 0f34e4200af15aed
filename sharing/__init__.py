"""The top floor: photos, galleries, votes and referrals."""
