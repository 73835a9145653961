-- validate foreign key "f" of "b"
-- lock: SHARE UPDATE EXCLUSIVE on "b"
-- lock: ROW SHARE on "a"
-- cost: reads every row of "b"
-- hazard: it fails if a row of "b" does not fit foreign key "f"
ALTER TABLE "public"."b" VALIDATE CONSTRAINT "f";
