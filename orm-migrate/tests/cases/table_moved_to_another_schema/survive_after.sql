SELECT * FROM auth.account
