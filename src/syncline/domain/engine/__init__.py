"""Decides what each side must do so that both agree.

detect -> pair -> reconcile -> merge -> plan -> settle, one stage per module,
values in and values out.
"""
