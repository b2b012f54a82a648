"""Only the language of policy rules is needed here."""
