SELECT setval('narrowed', 500), setval('narrowed_below', -500), setval('raised', 60), setval('typed', 40000), nextval('turned');
