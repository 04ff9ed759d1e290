"""A report as tables: a row a window, a row a scene; as CSV and as Parquet."""
