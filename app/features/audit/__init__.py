"""The audit administrator's page. What is written there is written by the features, through members.audit."""
