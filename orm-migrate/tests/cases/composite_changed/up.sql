-- change composite type "public"."point3"
ALTER TYPE "public"."point3" DROP ATTRIBUTE "y";
ALTER TYPE "public"."point3" ADD ATTRIBUTE "z" text;
