"""What is in the guest: BusyBox, the tools people use on these buses, our programs and their
libraries, the boards, and one kernel's modules. Nothing is read from the host while it runs.
"""

import os
import shutil

from initramfs import Initramfs, module_content, module_name, module_order

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

MODULES = [
    "i2c-dev", "uhid", "hid-cp2112",
    "ina2xx-adc", "ti-ads1015", "mcp4725",
    "iio-trig-sysfs", "iio-trig-hrtimer", "industrialio-sw-trigger",
]  # fmt: skip
# 6.1 was built without these; cases that want them name their kernels.
OPTIONAL = {"iio-trig-sysfs", "iio-trig-hrtimer", "industrialio-sw-trigger"}
# Loaded by the case that wants them, with parameters of its own: insmod /lib/modules/NAME.ko
ASKED_FOR = ["softdog"]

# gpiod, i2c-tools, libiio-utils.
TOOLS = [
    "gpiodetect", "gpioinfo", "gpioget", "gpioset", "i2cget", "i2cset", "i2cdetect", "i2ctransfer",
    "iio_info", "iio_attr", "iio_readdev",
]  # fmt: skip


def contents(work):
    """The part that is the same for every kernel. `work`/programs holds ours."""
    image = Initramfs()
    for folder in ("dev", "proc", "sys", "run", "tmp"):
        image.folder(folder)
    image.character_device("dev/console", 5, 1)
    image.copy("/bin/busybox", "bin/busybox")
    for tool in TOOLS:
        path = shutil.which(tool, path="/usr/bin:/usr/sbin:/bin:/sbin")
        if not path:
            raise SystemExit(f"{tool} is not installed")
        image.program(path)
    # Libraries of ours stand apart: a case that wants them says LD_LIBRARY_PATH=/lib/ours.
    programs = os.path.join(work, "programs")
    for name in sorted(os.listdir(programs)):
        path = os.path.join(programs, name)
        if ".so" in name:
            image.copy(path, f"lib/ours/{name}")
        else:
            image.program(path, beside=programs)
    for name in ("init", "case.sh", "skerry.sh"):
        image.copy(os.path.join(HERE, "guest", name), f"lib/{name}")
    image.link("init", "lib/init")
    for folder, _, files in sorted(os.walk(os.path.join(ROOT, "boards"))):
        for name in files:
            path = os.path.join(folder, name)
            image.copy(path, os.path.relpath(path, ROOT))
    return image


def write(path, contents, kernel):
    """`contents` and the modules of the kernel in the folder `kernel`, as one archive."""
    image = Initramfs()
    image.entries = dict(contents.entries)
    with open(os.path.join(kernel, "release")) as file:
        folder = os.path.join(kernel, "lib/modules", file.read().strip())
    order, absent = module_order(folder, MODULES)
    asked_for, lacking = module_order(folder, ASKED_FOR)
    absent += lacking
    if set(absent) - OPTIONAL:
        raise SystemExit(f"{folder} lacks {' '.join(absent)}")
    names = []
    for part in order:
        names.append(f"lib/modules/{module_name(part)}.ko")
        image.put(names[-1], module_content(os.path.join(folder, part)))
    for part in asked_for:
        if part not in order:
            image.put(
                f"lib/modules/{module_name(part)}.ko", module_content(os.path.join(folder, part))
            )
    image.put("lib/modules/order", ("\n".join(names) + "\n").encode())
    image.write(path)
