-- drop policy "p" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
DROP POLICY "p" ON "public"."t";

-- change column "who" of "t": type text to character varying(63)
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "who" cannot become character varying(63)
ALTER TABLE "public"."t" ALTER COLUMN "who" TYPE character varying(63);

-- add policy "p" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
CREATE POLICY "p" ON "public"."t" USING (((who)::text = CURRENT_USER));
