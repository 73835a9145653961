SELECT item.id, owner_id, kind, price FROM item JOIN owner ON owner.id = owner_id
