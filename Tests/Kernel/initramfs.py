"""An initramfs, written straight into one uncompressed file: no staging folder, no root, and the
same bytes every time. Uncompressed, because unpacking would be done by an emulated processor.

Format: Linux, Documentation/driver-api/early-userspace/buffer-format.rst ("newc").
"""

import lzma
import os
import re
import stat
import subprocess


class Initramfs:
    def __init__(self):
        self.entries = {}  # path -> (mode, bytes)

    def folder(self, path):
        parts = path.strip("/").split("/")
        for end in range(1, len(parts) + 1):
            self.entries.setdefault("/".join(parts[:end]), (stat.S_IFDIR | 0o755, b""))

    def put(self, path, content, mode=0o644):
        path = path.strip("/")
        if "/" in path:
            self.folder(os.path.dirname(path))
        self.entries[path] = (stat.S_IFREG | mode, content)

    def link(self, path, target):
        path = path.strip("/")
        self.folder(os.path.dirname(path))
        self.entries[path] = (stat.S_IFLNK | 0o777, target.encode())

    def character_device(self, path, major, minor):
        self.folder(os.path.dirname(path))
        self.entries[path.strip("/")] = (stat.S_IFCHR | 0o600, (major, minor))

    def copy(self, source, path=None):
        """A file of this machine, at the same place or at `path`."""
        with open(source, "rb") as file:
            self.put(path or source, file.read(), 0o755 if os.access(source, os.X_OK) else 0o644)

    def program(self, source, beside=""):
        """A program and the shared libraries it needs, where its loader looks for them; those in
        the folder `beside` are the caller's to copy."""
        self.copy(source, "bin/" + os.path.basename(source))
        for library in [*libraries(source, beside), *opened(source)]:
            if os.path.dirname(library) != beside:
                self.copy(library)

    def write(self, path):
        """Writes the archive; the guest sees the entries in the order of their names."""
        with open(path, "wb") as file:
            for number, name in enumerate(sorted(self.entries), 1):
                file.write(record(number, name, *self.entries[name]))
            file.write(record(0, "TRAILER!!!", 0, b""))


def record(number, name, mode, content):
    device = (0, 0)
    if stat.S_ISCHR(mode):
        device, content = content, b""
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
    return pad(head) + pad(content)


def pad(content):
    return content + b"\0" * (-len(content) % 4)


def libraries(program, beside=""):
    """What the loader would load for this program; none for a static one."""
    paths = dict(os.environ, LD_LIBRARY_PATH=beside)
    listing = subprocess.run(["ldd", program], capture_output=True, text=True, env=paths)
    if "not found" in listing.stdout:
        raise SystemExit(f"{program}: a library is missing:\n{listing.stdout}")
    return re.findall(r"(/\S+) \(0x", listing.stdout)


def opened(program):
    """What this program opens by name while it runs, with what that needs: the loader lists none of it."""
    with open(program, "rb") as file:
        if b"libiio.so.0" not in file.read():
            return []
    listing = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True).stdout
    place = re.search(r"libiio\.so\.0 \(.*\) => (/\S+)", listing)
    if not place:
        raise SystemExit(f"{program} opens libiio.so.0, which is not installed here")
    return [place[1], *libraries(place[1])]


def module_order(folder, names):
    """The files of the modules `names` and of all they depend on, each after what it depends on.

    `folder` is .../lib/modules/RELEASE with a modules.dep; a name built into the kernel, or that
    this kernel does not have, gives nothing and is returned in the second list.
    """
    needs, files = {}, {}
    with open(os.path.join(folder, "modules.dep")) as file:
        for line in file:
            path, rest = line.split(":")
            needs[path] = rest.split()
            files[module_name(path)] = path
    order, absent = [], []
    for name in names:
        path = files.get(name.replace("-", "_"))
        if path is None:
            absent.append(name)
            continue
        # modules.dep lists the nearest dependency first.
        for part in [*reversed(needs[path]), path]:
            if part not in order:
                order.append(part)
    return order, absent


def module_name(path):
    return os.path.basename(path).split(".")[0].replace("-", "_")


def module_content(path):
    with open(path, "rb") as file:
        content = file.read()
    if path.endswith(".xz"):
        return lzma.decompress(content)
    if path.endswith(".ko"):
        return content
    raise SystemExit(f"{path}: compressed in a way this harness does not read")
