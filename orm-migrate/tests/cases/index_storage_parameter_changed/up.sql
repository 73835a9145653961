-- change index "i" of "t"
ALTER INDEX "public"."i" SET (fillfactor = 90);
