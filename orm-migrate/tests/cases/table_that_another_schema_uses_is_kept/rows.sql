INSERT INTO theirs.note VALUES (1);
