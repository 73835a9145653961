-- change index "i" of "t"
-- lock: SHARE UPDATE EXCLUSIVE on "t"
ALTER INDEX "public"."i" SET (fillfactor = 90);
