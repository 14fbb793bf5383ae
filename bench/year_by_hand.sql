-- A year's sheets as one statement, in hundredths: of each person name, branch, group, post and standing; each line with
-- its points and the steps that count it (found/counted: formula, "!" where a limit made a difference); sections, what is
-- withheld, the whole, advice and double good. Rule set 2026.1, a year that is over. [[x]] is x as it is written.
WITH found AS (
  SELECT member_id, CAST(sum("count") AS BIGINT) AS facts,
    CAST(sum(CASE WHEN fact_type = 'appraisal.quarter' AND grade = 'good' THEN "count" ELSE 0 END) AS BIGINT) AS good,
    CAST(sum(CASE WHEN grade = 'fairly_good' THEN "count" ELSE 0 END) AS BIGINT) AS fairly_good,
    CAST(sum(CASE WHEN grade = 'average' THEN "count" ELSE 0 END) AS BIGINT) AS average,
    CAST(sum(CASE WHEN grade = 'poor' THEN "count" ELSE 0 END) AS BIGINT) AS poor,
    CAST(sum(CASE WHEN grade = 'not_graded' THEN "count" ELSE 0 END) AS BIGINT) AS not_graded,
    CAST(sum(CASE WHEN fact_type IN ('pledge.kept', 'duty.kept') THEN "count" ELSE 0 END) AS BIGINT) AS kept,
    CAST(sum(CASE WHEN fact_type IN ('pledge.missed', 'duty.missed') THEN "count" ELSE 0 END) AS BIGINT) AS missed,
    CAST(sum(CASE WHEN fact_type IN ('pledge.excused', 'duty.excused') THEN "count" ELSE 0 END) AS BIGINT) AS excused,
    CAST(sum(CASE WHEN fact_type = 'attendance.absent' THEN "count" ELSE 0 END) AS BIGINT) AS absent,
    CAST(sum(CASE WHEN fact_type = 'attendance.absent_key' THEN "count" ELSE 0 END) AS BIGINT) AS absent_key,
    CAST(sum(CASE WHEN fact_type = 'attendance.late' THEN "count" ELSE 0 END) AS BIGINT) AS late,
    CAST(sum(CASE WHEN fact_type = 'attendance.private_leave' THEN "count" ELSE 0 END) AS BIGINT) AS private_leave,
    CAST(sum(CASE WHEN fact_type = 'attendance.present' THEN "count" ELSE 0 END) AS BIGINT) AS present,
    CAST(sum(CASE WHEN fact_type = 'study.session' THEN "count" ELSE 0 END) AS BIGINT) AS sessions,
    CAST(sum(CASE WHEN fact_type = 'study.item' THEN "count" ELSE 0 END) AS BIGINT) AS all_items,
    CAST(sum(CASE WHEN fact_type <> 'study.item' THEN 0 WHEN "count" > 2 THEN 2 ELSE "count" END) AS BIGINT) AS items,
    CAST(sum(CASE WHEN fact_type = 'study.quiz_passed' THEN "count" ELSE 0 END) AS BIGINT) AS quizzes,
    CAST(sum(CASE WHEN fact_type = 'study.training_day' THEN "count" ELSE 0 END) AS BIGINT) AS trainings,
    CAST(sum(CASE WHEN fact_type = 'study.training_day' THEN quantity ELSE 0 END) AS BIGINT) AS training,
    CAST(sum(CASE WHEN fact_type IN ('leave.unreported', 'leave.unclosed') THEN "count" ELSE 0 END) AS BIGINT) AS unreported,
    CAST(sum(CASE WHEN fact_type = 'leave.overdue' THEN "count" ELSE 0 END) AS BIGINT) AS overdue,
    CAST(sum(CASE WHEN fact_type = 'review.result' THEN "count" ELSE 0 END) AS BIGINT) AS reviews,
    CAST(sum(CASE WHEN fact_type = 'review.result' THEN quantity ELSE 0 END) AS BIGINT) AS votes,
    CAST(sum(CASE WHEN fact_type = 'service.wish_realised' THEN "count" ELSE 0 END) AS BIGINT) AS wishes,
    CAST(sum(CASE WHEN fact_type = 'service.half_day' THEN "count" ELSE 0 END) AS BIGINT) AS services,
    CAST(sum(CASE WHEN fact_type = 'service.half_day' THEN quantity ELSE 0 END) AS BIGINT) AS half_days,
    CAST(sum(CASE WHEN fact_type = 'task.urgent' THEN "count" ELSE 0 END) AS BIGINT) AS tasks,
    CAST(sum(CASE WHEN fact_type = 'task.urgent' THEN quantity ELSE 0 END) AS BIGINT) AS urgent,
    CAST(sum(CASE WHEN fact_type = 'bonus.lecture' THEN "count" ELSE 0 END) AS BIGINT) AS lectures,
    CAST(sum(CASE WHEN fact_type = 'bonus.suggestion' THEN "count" ELSE 0 END) AS BIGINT) AS suggestions
  FROM totals WHERE month BETWEEN '{year}-01-01' AND '{year}-12-01' AND "count" > 0 GROUP BY member_id
), levels AS (
  SELECT member_id, matter, CAST(sum("count") AS BIGINT) AS number, CASE grade WHEN 'unit' THEN 100 WHEN 'division' THEN 200
    WHEN 'department' THEN 300 WHEN 'province' THEN 500 ELSE 800 END AS worth FROM totals
  WHERE fact_type = 'bonus.commendation' AND month BETWEEN '{year}-01-01' AND '{year}-12-01' AND "count" > 0
  GROUP BY member_id, matter, grade
), by_matter AS (
  SELECT member_id, matter, worth, number, number AS counted FROM levels WHERE matter = ''
  UNION ALL
  SELECT member_id, matter, max(worth), CAST(sum(number) AS BIGINT), 1 FROM levels WHERE matter <> '' GROUP BY member_id, matter
), commended AS (
  SELECT member_id, sum(counted * worth) AS e3, {joined}('; ' || number || '/' || counted || ': ' || counted || ' × '
    || [[worth]] || ' = ' || [[counted * worth]] || CASE WHEN number > counted THEN '!' ELSE '' END, '') AS e3_steps
  FROM (SELECT * FROM by_matter ORDER BY member_id, matter, worth) AS ordered GROUP BY member_id
), vetoed AS (
  SELECT member_id, count(*) AS vetoes FROM vetoes WHERE year = {year} AND stands = 'confirmed' AND lifts_id IS NULL AND NOT EXISTS
    (SELECT 1 FROM vetoes AS lifting WHERE lifting.lifts_id = vetoes.id AND lifting.stands = 'confirmed') GROUP BY member_id
), exempt AS (
  SELECT member_id, min(kind) AS exemption FROM exemptions
  WHERE starts_on <= '{year}-12-31' AND (ends_on IS NULL OR ends_on >= '{year}-12-31') GROUP BY member_id
), moved AS (
  SELECT facts.member_id, count(DISTINCT facts.branch_id) AS elsewhere FROM facts
  JOIN members ON members.id = facts.member_id AND members.branch_id <> facts.branch_id
  WHERE counts_in BETWEEN '{year}-01-01' AND '{year}-12-01' GROUP BY facts.member_id
), lines AS (
  SELECT found.*, 750 * good + 600 * fairly_good + 450 * average AS given, kept + missed AS due,
    CASE WHEN quizzes > 4 THEN 4 ELSE quizzes END AS some_quizzes,
    CASE WHEN kept + missed = 0 THEN 1000 ELSE (2 * 1000 * kept + kept + missed) / (2 * (kept + missed)) END AS a2,
    2400 - CASE WHEN absent > 6 THEN 1200 ELSE 200 * absent END - 500 * absent_key
      - CASE WHEN late > 4 THEN 200 ELSE 50 * late END
      - CASE WHEN private_leave > 4 THEN 400 ELSE 100 * private_leave END AS b1,
    50 * sessions + 20 * items + CASE WHEN quizzes > 4 THEN 200 ELSE 50 * quizzes END
      + CASE WHEN training > 300 THEN 300 ELSE training END AS b2,
    1000 - CASE WHEN unreported > 4 THEN 400 ELSE 100 * unreported END - 200 * overdue AS c1,
    CASE WHEN reviews = 0 THEN 0 ELSE (2 * votes + reviews) / (2 * reviews) END AS d1,
    CASE WHEN wishes > 1 THEN 300 ELSE 200 * wishes END + CASE WHEN half_days > 300 THEN 300 ELSE half_days END AS d2,
    CASE WHEN urgent > 400 THEN 400 ELSE urgent END AS d3
  FROM found
), held AS (
  SELECT lines.*, CASE WHEN not_graded = 0 THEN given WHEN not_graded = 4 THEN 3000
      ELSE (2 * given * 4 + 4 - not_graded) / (2 * (4 - not_graded)) END AS a1,
    CASE WHEN b1 < 0 THEN 0 ELSE b1 END AS b1_held, CASE WHEN b2 > 600 THEN 600 ELSE b2 END AS b2_held,
    CASE WHEN c1 < 0 THEN 0 ELSE c1 END AS c1_held, CASE WHEN d2 > 600 THEN 600 ELSE d2 END AS d2_held,
    CASE WHEN lectures > 5 THEN 1000 ELSE 200 * lectures END AS e1,
    CASE WHEN suggestions > 10 THEN 1000 ELSE 100 * suggestions END AS e2,
    CASE WHEN e3 > 1000 THEN 1000 ELSE coalesce(e3, 0) END AS e3, coalesce(e3_steps, '') AS e3_steps,
    coalesce(vetoes, 0) AS vetoes, exemption, coalesce(elsewhere, 0) AS elsewhere
  FROM lines LEFT JOIN commended ON commended.member_id = lines.member_id LEFT JOIN vetoed ON vetoed.member_id = lines.member_id
    LEFT JOIN exempt ON exempt.member_id = lines.member_id LEFT JOIN moved ON moved.member_id = lines.member_id
), sections AS (
  SELECT held.*, a1 + a2 AS a, b1_held + b2_held AS b, d1 + d2_held + d3 AS d, a1 + a2 + b1_held + b2_held + c1_held + d1 + d2_held + d3 AS base,
    CASE WHEN e1 + e2 + e3 > 1000 THEN 1000 ELSE e1 + e2 + e3 END AS e
  FROM held
), sums AS (
  SELECT sections.*, CASE WHEN base >= 6000 THEN e ELSE 0 END AS given_e, base + CASE WHEN base >= 6000 THEN e ELSE 0 END AS total
  FROM sections
), people AS (
  SELECT members.id, members.name, branch.name AS branch, groups.name AS branch_group, post,
    CASE WHEN status = 'probationary' OR coalesce(confirmed, '') > '{year}-12-31' THEN 'probationary' ELSE 'full' END AS standing
  FROM members JOIN organisations AS branch ON branch.id = members.branch_id
    LEFT JOIN organisations AS groups ON groups.id = members.group_id
)
SELECT CAST(id AS VARCHAR), name, branch, branch_group, post, standing, exemption, vetoes, elsewhere, facts,
  a1, CASE WHEN good > 0 THEN '; ' || good || '/' || good || ': ' || good || ' × 7.5 = ' || [[750 * good]] ELSE '' END
    || CASE WHEN fairly_good > 0 THEN '; ' || fairly_good || '/' || fairly_good || ': ' || fairly_good || ' × 6 = ' || [[600 * fairly_good]] ELSE '' END
    || CASE WHEN average > 0 THEN '; ' || average || '/' || average || ': ' || average || ' × 4.5 = ' || [[450 * average]] ELSE '' END
    || CASE WHEN poor > 0 THEN '; ' || poor || '/' || poor || ': ' || poor || ' × 0 = 0' ELSE '' END
    || CASE WHEN not_graded > 0 THEN '; ' || not_graded || '/0: ' || CASE WHEN not_graded < 4 THEN '30 × ' || [[given]] || ' ÷ '
      || [[750 * (4 - not_graded)]] || ' = ' ELSE '' END || [[a1]] || '!' ELSE '' END,
  a2, '; ' || due || '/' || kept || ': ' || CASE WHEN due > 0 THEN '10 × ' || kept || ' ÷ ' || due || ' = ' || [[a2]] ELSE '10' END
    || CASE WHEN excused > 0 THEN '; ' || excused || '/0: !' ELSE '' END,
  b1_held, CASE WHEN absent > 0 THEN '; ' || absent || '/' || absent || ': ' || absent || ' × −2 = ' || [[-200 * absent]]
      || CASE WHEN absent > 6 THEN '!' ELSE '' END ELSE '' END
    || CASE WHEN absent_key > 0 THEN '; ' || absent_key || '/' || absent_key || ': ' || absent_key || ' × −5 = ' || [[-500 * absent_key]] ELSE '' END
    || CASE WHEN late > 0 THEN '; ' || late || '/' || late || ': ' || late || ' × −0.5 = ' || [[-50 * late]]
      || CASE WHEN late > 4 THEN '!' ELSE '' END ELSE '' END
    || CASE WHEN private_leave > 0 THEN '; ' || private_leave || '/' || private_leave || ': ' || private_leave || ' × −1 = '
      || [[-100 * private_leave]] || CASE WHEN private_leave > 4 THEN '!' ELSE '' END ELSE '' END
    || CASE WHEN present > 0 THEN '; ' || present || '/0: !' ELSE '' END,
  b2_held, CASE WHEN sessions > 0 THEN '; ' || sessions || '/' || sessions || ': ' || sessions || ' × 0.5 = ' || [[50 * sessions]] ELSE '' END
    || CASE WHEN all_items > 0 THEN '; ' || all_items || '/' || items || ': ' || items || ' × 0.2 = ' || [[20 * items]]
      || CASE WHEN all_items > items THEN '!' ELSE '' END ELSE '' END
    || CASE WHEN quizzes > 0 THEN '; ' || quizzes || '/' || some_quizzes || ': ' || some_quizzes || ' × 0.5 = ' || [[50 * some_quizzes]]
      || CASE WHEN quizzes > 4 THEN '!' ELSE '' END ELSE '' END
    || CASE WHEN trainings > 0 THEN '; ' || trainings || '/' || trainings || ': ' || [[training]] || ' × 1 = ' || [[training]]
      || CASE WHEN training > 300 THEN '!' ELSE '' END ELSE '' END,
  c1_held, CASE WHEN unreported > 0 THEN '; ' || unreported || '/' || unreported || ': ' || unreported || ' × −1 = ' || [[-100 * unreported]]
      || CASE WHEN unreported > 4 THEN '!' ELSE '' END ELSE '' END
    || CASE WHEN overdue > 0 THEN '; ' || overdue || '/' || overdue || ': ' || overdue || ' × −2 = ' || [[-200 * overdue]] ELSE '' END,
  d1, CASE WHEN reviews > 0 THEN '; ' || reviews || '/' || reviews || ': ' || [[d1]] ELSE '' END,
  d2_held, CASE WHEN wishes = 0 THEN '' WHEN wishes = 1 THEN '; 1/1: 2' ELSE '; ' || wishes || '/2: 2 + 1 = 3' || CASE WHEN wishes > 2 THEN '!' ELSE '' END END
    || CASE WHEN services > 0 THEN '; ' || services || '/' || services || ': ' || [[half_days]] || ' × 1 = ' || [[half_days]]
      || CASE WHEN half_days > 300 THEN '!' ELSE '' END ELSE '' END,
  d3, CASE WHEN tasks > 0 THEN '; ' || tasks || '/' || tasks || ': ' || [[urgent]] || ' × 1 = ' || [[urgent]]
      || CASE WHEN urgent > 400 THEN '!' ELSE '' END ELSE '' END,
  e1, CASE WHEN lectures > 0 THEN '; ' || lectures || '/' || lectures || ': ' || lectures || ' × 2 = ' || [[200 * lectures]] ELSE '' END,
  e2, CASE WHEN suggestions > 0 THEN '; ' || suggestions || '/' || suggestions || ': ' || suggestions || ' × 1 = ' || [[100 * suggestions]] ELSE '' END,
  e3, e3_steps, a, b, c1_held, d, given_e, e - given_e, base, total,
  CASE WHEN standing <> 'full' THEN NULL WHEN vetoes > 0 THEN 'help' WHEN reviews = 0 THEN NULL
    WHEN total >= 9000 AND a >= 2400 AND b >= 1800 AND c1_held >= 600 AND d >= 1200 THEN 'excellent_suggested'
    WHEN total >= 7500 THEN 'qualified' WHEN total >= 6000 THEN 'talk_suggested' ELSE 'help' END,
  CASE WHEN standing = 'full' AND vetoes = 0 AND a >= 3400 AND b + d >= 4250 THEN 1 ELSE 0 END
FROM sums JOIN people ON people.id = sums.member_id ORDER BY id
