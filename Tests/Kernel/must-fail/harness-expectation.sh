# one expectation that does not hold fails the case, although it goes on
# fails: not so: two is three
expect "two is three" equal 2 3
expect "two is two" equal 2 2
