"""The program that computes an analysis again: its parts as text, and the numbers it must meet.

The parts are plain pandas and scipy. What comes from the user stands in the program only as literals written
by `repr`, never as a name or a formula.
"""

NAME = "script.py"
