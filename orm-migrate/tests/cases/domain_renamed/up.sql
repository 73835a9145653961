-- rename domain "mail" to "email"
ALTER DOMAIN "public"."mail" RENAME TO "email";

-- change domain "public"."email"
-- lock: SHARE on "t"
-- cost: reads every row of "t"
-- hazard: it fails if a value in column "m" of table "t" does not satisfy (VALUE ~~ '%@%'::text)
-- hazard: nobody can write "t" while every row is checked
ALTER DOMAIN "public"."email" RENAME CONSTRAINT "mail_check" TO "email_check";
