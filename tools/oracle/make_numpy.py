"""Files that NumPy writes, for src/formats/npy: arrays of every type, order and version, and archives of them.

    .venv/bin/python tools/oracle/make_numpy.py
"""

import base64
import io
import json
import pathlib

import numpy as np
from numpy.lib import format as npy_format

TARGET = pathlib.Path(__file__).parent / "files" / "numpy.json"


def npy(array, version=None, allow_pickle=False):
    stream = io.BytesIO()
    npy_format.write_array(stream, array, version=version, allow_pickle=allow_pickle)
    return stream.getvalue()


def npz(save, **arrays):
    stream = io.BytesIO()
    save(stream, **arrays)
    return stream.getvalue()


def plain(array):
    """The elements, row-major, as JSON has them; complex numbers as pairs, whole numbers of 64 bits as text."""
    flat = array.ravel(order="C")
    if array.dtype.kind == "c":
        return [part for value in flat for part in (float(value.real), float(value.imag))]
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8:
        return [str(value) for value in flat]
    if array.dtype.kind == "S":
        return [value.decode("latin-1") for value in flat]
    if array.dtype.kind == "b":
        return [int(value) for value in flat]
    return flat.tolist()


def counted(dtype, shape=(2, 3)):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)


def arrays():
    for code in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]:
        for order in "<>":
            array = counted(np.dtype(order + code))
            array[1, 2] = 0
            if array.dtype.kind != "u":
                array[0, 1] *= -1
            yield f"{order}{code}", array, None
    info = np.iinfo
    yield "limits of int64", np.array([info(np.int64).min, info(np.int64).max]), None
    yield "limits of uint64", np.array([0, info(np.uint64).max], dtype=np.uint64), None
    yield "halves", np.array([0, -0.0, 1, -2.5, 65504, 6e-8, 6.1e-5, 0.1], dtype=np.float16), None
    yield "bool", np.array([[True, False], [False, True]]), None
    yield "text", np.array(["rock", "jazz", "", "Dvořák", "🎵"]), None
    yield "big-endian text", np.array(["rock", "jazz"]).astype(">U6"), None
    yield "bytes", np.array([b"rock", b"jazz", b"a\x00b"]), None
    yield "scalar", np.array(2.5), None
    yield "empty", np.zeros((0, 4), dtype=np.float32), None
    yield "Fortran order", np.asfortranarray(counted("f4", (2, 3, 4))), None
    yield "Fortran order of text", np.asfortranarray(np.array([["a", "b", "c"], ["d", "e", "f"]])), None
    yield "Fortran order of complex numbers", np.asfortranarray(counted("c8", (3, 2))), None
    yield "version 2", counted("f4"), (2, 0)
    yield "version 3", counted("f4"), (3, 0)


def refused():
    yield "objects", npy(np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
    yield "structures", npy(np.zeros(3, dtype=[("time", "<f4"), ("label", "<i4")]))
    yield "dates", npy(np.array(["2020-01-01"], dtype="datetime64[D]"))
    yield "times", npy(np.array([5], dtype="timedelta64[s]"))
    yield "raw bytes", npy(np.zeros(3, dtype="V5"))
    yield "long doubles", npy(np.zeros(3, dtype=np.longdouble))


def dtype_of(array):
    return {"U": "str", "S": "bytes"}.get(array.dtype.kind, array.dtype.name)


def text_of(content):
    return base64.b64encode(content).decode()


def main():
    x, y = counted("f4", (2, 3)), np.array(["a", "b"])
    parts = {
        "arrays": [
            {"name": name, "dtype": dtype_of(array), "shape": list(array.shape), "values": plain(array),
             "base64": text_of(npy(array, version))}
            for name, array, version in arrays()
        ],
        "refused": [{"name": name, "base64": text_of(content)} for name, content in refused()],
        "archives": [
            {"name": "stored", "base64": text_of(npz(np.savez, x=x, y=y))},
            {"name": "compressed", "base64": text_of(npz(np.savez_compressed, x=x, y=y))},
        ],
    }
    head = {"tool": f"numpy {np.__version__}", "command": "python tools/oracle/make_numpy.py"}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    for key, cases in parts.items():
        rows = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
        lines.append(f"{json.dumps(key)}: [\n{rows}\n]")
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
