-- change composite type "public"."point3"
-- lock: ACCESS EXCLUSIVE on composite type "public"."point3"
-- hazard: the values of attribute "y" of composite type "public"."point3" are lost
ALTER TYPE "public"."point3" DROP ATTRIBUTE "y";
ALTER TYPE "public"."point3" ADD ATTRIBUTE "z" text;
