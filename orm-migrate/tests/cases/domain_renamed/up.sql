-- rename domain "mail" to "email"
ALTER DOMAIN "public"."mail" RENAME TO "email";

-- change domain "public"."email"
ALTER DOMAIN "public"."email" RENAME CONSTRAINT "mail_check" TO "email_check";
