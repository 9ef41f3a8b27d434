"""What stands in a report, topic by topic; `report.html` puts it into one file."""
