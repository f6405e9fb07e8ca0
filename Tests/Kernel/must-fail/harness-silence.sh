# a case that ends without having shown anything fails
# fails: nothing was expected
exit 0
