"""Reports to keep or hand in: one document, written as a page, as PDF and as a workbook."""
