"""What is done with bookmarks: saved, changed, followed, merged, made a box or a gallery."""
