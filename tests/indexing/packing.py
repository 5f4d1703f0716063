"""Makes archives for tests: good ones, and such as nobody should trust."""

import io
import tarfile
import zipfile

# Every member bears this time, as those of a build that is to give the same bytes each time.
WHEN = (2026, 3, 1, 12, 0, 0)


def zipped(members, *, encrypted=(), compression=zipfile.ZIP_DEFLATED):
    """Make a zip archive of (name, content) pairs."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, WHEN), content, compression)
    data = bytearray(made.getvalue())
    for name in encrypted:
        for signature, flags, at in ((b"PK\x01\x02", 8, 46), (b"PK\x03\x04", 6, 30)):
            place = _entry(data, signature, name.encode(), at)
            data[place + flags] |= 1
    return bytes(data)


def _entry(data, signature, name, at):
    place = data.find(signature)
    while data[place + at : place + at + len(name)] != name:
        place = data.find(signature, place + 1)
    return place


def tarred(members, mode="w:gz"):
    """Make a tar archive of (name, content) pairs; what is no content is a TarInfo of its own."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:
        for name, content in members:
            info = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.mtime = 1_772_366_400
            if info is content:
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def special(name, kind, target=""):
    """Make a member that is no file: a link, a device, a pipe."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return name, info
