# a panic is told from an orderly end
# fails: a panic
expect "so far all is well" true
echo c >/proc/sysrq-trigger
