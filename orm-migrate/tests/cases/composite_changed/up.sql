-- change composite type "public"."point3"
-- lock: ACCESS EXCLUSIVE on composite type "public"."point3"
-- hazard: the values of attribute "y" of composite type "public"."point3" are lost
-- hazard: composite type "point3" (column "p" of "t") has other attributes: running programs that are built for the old ones can neither read nor write its values; those with drivers other than orm must reconnect, too
ALTER TYPE "public"."point3" DROP ATTRIBUTE "y";
ALTER TYPE "public"."point3" ADD ATTRIBUTE "z" text;
