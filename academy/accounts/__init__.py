"""Accounts: invitation, sign-up, sign-in, roles, devices, recovery, and who may do what."""
