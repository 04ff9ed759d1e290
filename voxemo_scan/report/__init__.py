"""Reports: JSON, Markdown, HTML, tables and captions."""
