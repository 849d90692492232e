"""Stages 6 and 7: walk the plan's steps, restricting ones first, and write down what became of them."""
