CREATE SCHEMA auth;
CREATE TABLE auth.account (id serial PRIMARY KEY, name text);
