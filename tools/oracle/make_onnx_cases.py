"""Writes ONNX's own test cases of single nodes as lines of JSON, for src/onnx/import/node-cases.test.ts.

    python make_onnx_cases.py all.jsonl            # every case of the onnx package
    python make_onnx_cases.py --fixture            # the small ones that the project keeps

Each line has the name, the model's bytes, and for each set of data the inputs and outputs as the reference implementation of the
onnx package gives them; arrays as type, shape and base64 of their bytes. onnx 1.23.2.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx.backend.test.case.node import collect_testcases

FIXTURE = pathlib.Path(__file__).parents[2] / "src/onnx/import/testing/node-cases.jsonl"

# Of each operation the smallest cases, of at most so many bytes.
CASES_EACH = 1
MOST_BYTES = 1500


def encoded(value):
    if value is None or isinstance(value, (list, dict, str)):
        return {"type": "other"}
    array = np.asarray(value)
    if array.dtype.kind not in "fiub" and str(array.dtype) != "bfloat16":
        return {"type": str(array.dtype)}
    return {
        "type": str(array.dtype),
        "shape": list(array.shape),
        "data": base64.b64encode(np.ascontiguousarray(array).tobytes()).decode(),
    }


def named(names, values):
    return {name: encoded(value) for name, value in zip(names, values)}


def line_of(case):
    graph = case.model.graph
    sets = [
        {
            "inputs": named([one.name for one in graph.input], inputs),
            "outputs": named([one.name for one in graph.output], outputs),
        }
        for inputs, outputs in case.data_sets
    ]
    return {
        "name": case.name,
        "rtol": case.rtol,
        "atol": case.atol,
        "model": base64.b64encode(case.model.SerializeToString()).decode(),
        "sets": sets,
    }


def smallest(cases):
    kept = {}
    for case in sorted(cases, key=lambda one: len(json.dumps(one))):
        nodes = onnx.ModelProto.FromString(base64.b64decode(case["model"])).graph.node
        own = kept.setdefault(nodes[0].op_type if nodes else "", [])
        if len(nodes) == 1 and len(json.dumps(case)) < MOST_BYTES and len(own) < CASES_EACH:
            own.append(case)
    return [case for own in kept.values() for case in own]


def main():
    cases = [line_of(case) for case in collect_testcases(None) if case.model is not None]
    assert onnx.__version__ == "1.23.2", onnx.__version__
    if sys.argv[1] == "--fixture":
        cases = smallest(cases)
        FIXTURE.parent.mkdir(exist_ok=True)
        target = FIXTURE
    else:
        target = pathlib.Path(sys.argv[1])
    target.write_text("".join(json.dumps(case) + "\n" for case in cases))
    print(len(cases), "cases,", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
