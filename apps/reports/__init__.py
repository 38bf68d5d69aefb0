"""Outlines, drafts, Word and PDF of reports."""
