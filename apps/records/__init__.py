"""The record-type framework."""
