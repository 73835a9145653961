SELECT * FROM theirs.note
