"""The ground floor: spans, record types, ids and errors. Imports nothing of ours."""
