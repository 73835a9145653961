-- change the storage parameters of "t"
-- lock: SHARE UPDATE EXCLUSIVE on "t"
ALTER TABLE "public"."t" RESET (fillfactor);
ALTER TABLE "public"."t" SET (autovacuum_enabled = false, toast.autovacuum_enabled = false);
