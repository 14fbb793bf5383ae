"""Three shows 三亮: who a member is, what the member pledges, and what the member is responsible for."""
