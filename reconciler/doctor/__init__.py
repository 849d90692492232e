"""What a run needs, looked at piece by piece: nothing is changed, and one thing that fails hides no other."""
