"""Sizes in bytes. Real: oslo.utils 1.0 oslo/utils/units.py Ki, Mi, Gi, Ti."""

Ki = 1024
Mi = 1024**2
Gi = 1024**3
Ti = 1024**4
CHUNK = 64 * Ki  # read and written at once: memory stays small, however large an image is
