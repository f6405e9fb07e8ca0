#pragma once
/// The kernel's door for HID devices that live in a program: /dev/uhid.
#include <linux/uhid.h>
