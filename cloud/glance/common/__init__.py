"""What every part of the image service uses: its errors, its options, the dispatch over controllers."""
