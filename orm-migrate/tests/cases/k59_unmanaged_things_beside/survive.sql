SELECT * FROM theirs, note
