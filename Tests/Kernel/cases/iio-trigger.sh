# an hrtimer trigger made in configfs fills libiio's buffer at its rate
# from: bridge
# kernels: 6.12*
need "ti-ads1015 takes the converter" bind ads1015 0x48
analog=$(iio_device 0x48)
need "configfs makes an hrtimer trigger" mkdir /sys/kernel/config/iio/triggers/hrtimer/tick

# iio_readdev sets the trigger to 100 Hz. A sample is 16 bytes: channel 1, padding, time in ns.
expect "libiio reads 64 samples and their times" \
    sh -c "timeout 10 iio_readdev -t tick -T 8000 -b 16 -s 64 -u local: $analog voltage1 timestamp >samples"
od -An -v -t d8 -w16 samples >rows
expect "each is channel 1's 200, in the upper twelve bits" \
    equal "$(awk '{ print $1 }' rows | sort | uniq -c | xargs)" "64 3200"
worst_us=$(awk 'NR > 1 { d = ($2 - last) / 1e3 - 10000; if (d < 0) d = -d; if (d > worst) worst = d }
    { last = $2 } END { printf "%d", worst }' rows)
figure "worst distance from 10 ms between samples, us" "$worst_us"
expect "ten milliseconds apart, to 2 ms" test "$worst_us" -le 2000
