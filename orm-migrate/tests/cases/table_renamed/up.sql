-- rename table "user" to "account"
-- lock: ACCESS EXCLUSIVE on "user"
-- hazard: programs that run meanwhile and still say table "user" fail from then on
ALTER TABLE "public"."user" RENAME TO "account";
DO 'BEGIN IF to_regclass(pg_get_serial_sequence(''"public"."account"'', ''id'')) = to_regclass(''"public"."user_id_seq"'') THEN ALTER SEQUENCE "public"."user_id_seq" RENAME TO "account_id_seq"; END IF; END';

-- rename primary key "user_pkey" of "account" to "account_pkey"
-- lock: ACCESS EXCLUSIVE on "account"
ALTER TABLE "public"."account" RENAME CONSTRAINT "user_pkey" TO "account_pkey";

-- rename unique constraint "user_email_key" of "account" to "account_email_key"
-- lock: ACCESS EXCLUSIVE on "account"
ALTER TABLE "public"."account" RENAME CONSTRAINT "user_email_key" TO "account_email_key";

-- rename check "user_age_check" of "account" to "account_age_check"
-- lock: ACCESS EXCLUSIVE on "account"
ALTER TABLE "public"."account" RENAME CONSTRAINT "user_age_check" TO "account_age_check";

-- rename index "user_lower_idx" of "account" to "account_lower_idx"
ALTER INDEX "public"."user_lower_idx" RENAME TO "account_lower_idx";
