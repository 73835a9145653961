INSERT INTO account (name) VALUES ('Ada');
