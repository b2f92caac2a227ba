"""Staff: invitations, people by nickname, and the audit trail."""
