"""Everybody's desk in a browser: pages made on the server, behind personal links and staff's sessions.

README.md beside this file says how a page is added.
"""
