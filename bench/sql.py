"""The statements of the three pages as somebody would write them by hand. ``:name`` stands for a value."""

from typing import Final

SESSION: Final = """
SELECT s.id AS session_id, s.confirmed_at, m.id AS member_id, m.name, m.branch_id, m.group_id,
       o.name AS branch_name, o.is_demo, r.role
FROM sessions s
JOIN members m ON m.id = s.member_id
JOIN organisations o ON o.id = m.branch_id
LEFT JOIN role_terms r
  ON r.member_id = m.id AND r.starts_on <= :today AND (r.ends_on IS NULL OR r.ends_on >= :today)
WHERE s.token_digest = :digest AND s.ended_at IS NULL AND (m.left_on IS NULL OR m.left_on > :today)
"""
SUBJECT: Final = """
SELECT m.id, m.name, m.status, o.name AS branch_name, g.name AS group_name,
       (SELECT e.kind FROM exemptions e
        WHERE e.member_id = m.id AND e.starts_on <= :today AND (e.ends_on IS NULL OR e.ends_on >= :today)
        ORDER BY e.starts_on, e.id LIMIT 1) AS exemption,
       (SELECT p.version FROM rule_periods p WHERE p.year = :year) AS version,
       (SELECT min(t.month) FROM totals t WHERE t.member_id = m.id) AS first_month
FROM members m
JOIN organisations o ON o.id = m.branch_id
LEFT JOIN organisations g ON g.id = m.group_id
WHERE m.id = :me
"""
TOTALS: Final = """
SELECT month, fact_type, grade, matter, count, quantity
FROM totals
WHERE member_id = :me AND month >= :since AND month <= :until AND count > 0
ORDER BY month, fact_type, grade, matter
"""
OWN_RECORDS: Final = """
SELECT r.id, r.kind, r.title, r.detail, r.occurred_on, r.status, r.reason
FROM reviews r
WHERE r.member_id = :me
  AND (r.status = 'pending' OR (r.status = 'returned' AND r.decided_at >= :since AND NOT EXISTS (
       SELECT 1 FROM reviews c WHERE c.corrects_id = r.id AND c.status <> 'withdrawn')))
ORDER BY r.submitted_at DESC, r.id
"""
TO_DECIDE: Final = """
SELECT kind, count(id) AS number
FROM reviews
WHERE branch_id = :branch AND status = 'pending' AND member_id <> :me AND recorded_by_id <> :me
GROUP BY kind ORDER BY kind
"""
WAITING: Final = """
SELECT kind,
       sum(CASE WHEN member_id = :me OR recorded_by_id = :me THEN 0 ELSE 1 END) AS mine,
       sum(CASE WHEN member_id = :me OR recorded_by_id = :me THEN 1 ELSE 0 END) AS others
FROM reviews
WHERE branch_id = :branch AND status = 'pending'
GROUP BY kind
"""
QUEUE: Final = """
SELECT r.id, r.kind, r.title, r.detail, r.occurred_on, r.submitted_at, r.flags, r.corrects_id, m.name AS member,
       CASE WHEN r.recorded_by_id <> r.member_id THEN e.name END AS entered_by
FROM reviews r
JOIN members m ON m.id = r.member_id
JOIN members e ON e.id = r.recorded_by_id
WHERE r.branch_id = :branch AND r.status = 'pending' AND r.member_id <> :me AND r.recorded_by_id <> :me
ORDER BY r.submitted_at, r.id
LIMIT 51
"""
LAST_DECISION: Final = """
SELECT decision_id, status, count(*) AS records, max(decided_at) AS at
FROM reviews
WHERE decided_by_id = :me AND decided_at >= :since
GROUP BY decision_id, status
ORDER BY max(decided_at) DESC
LIMIT 1
"""
