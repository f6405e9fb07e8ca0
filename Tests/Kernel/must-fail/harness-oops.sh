# a complaint of the kernel fails a case that else passes
# fails: not so: the kernel has nothing to complain of
echo "<4>BUG: said by the harness" >/dev/kmsg
expect "two is two" equal 2 2
