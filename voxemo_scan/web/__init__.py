"""The record-and-listen application: a page, an HTTP API and live listening."""
