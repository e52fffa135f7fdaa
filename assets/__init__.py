"""The Dagster layer: what is materialized, when, and with which connections. It imports the library, never back.

An asset loads, calls one function of `mavprep_analytics`, and returns metadata. No SQL, no reshaping here.
"""
