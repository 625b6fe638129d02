"""Limits of the size of an image; imports no OpenCV, so that settings can use them."""

MAX_MEGAPIXELS = 16.0
"""Default limit: a 4K UHD frame has 8.3 megapixels, a 4:3 frame of 4K width 12.6."""

MAX_SIDE = 16384
"""Largest side in pixels; larger ones come from a corrupt header and would exhaust the memory."""

HIGHEST_MAX_MEGAPIXELS = MAX_SIDE**2 / 1e6
