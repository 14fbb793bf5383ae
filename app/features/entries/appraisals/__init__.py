"""Quarterly appraisals 平时考核: the unit grades, the branch takes the grade over."""
