"""Reads one workbook (XLSX, XLS, ODS) in a process of its own, with bounds on its memory and time.

It knows nothing of the house, so that it starts in a few hundredths of a second. What it cannot bear ends this process
and nobody else's.
"""
