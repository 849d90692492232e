"""When the shop is looked at.

Chosen so that events stand exactly on the bounds of windows (an event at the first moment itself, one a week before the
second, one ninety minutes before the third), and so that the second and third lie on days that are already the next
ones where the workspace lives.
"""

MOMENTS = ("2024-04-22T08:38:30Z", "2024-06-25T14:42:36Z", "2024-06-26T14:47:00Z")
