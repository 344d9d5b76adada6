"""Across documents: copies, people, events and claims. Pairs get evidence, evidence gets a decision, decisions make clusters."""
