"""Checks the files of export_models.mjs: by ONNX's own checker, and in ONNX Runtime against the library's answers.

    python tools/oracle/check_onnx.py <folder>

Prints for each model how far its probabilities, or its numbers in units of the largest, are apart at most, which must be
below 1e-4: with all of the runtime's optimizations and with none, for all examples together and for each one alone.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

TOLERANCE = 1e-4


def session_of(path, level):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def difference(path):
    facts = json.loads(path.with_suffix(".json").read_text())
    numbers = np.fromfile(path.with_suffix(".bin"), np.float32)
    count = facts["examples"] * int(np.prod(facts["shape"]))
    x = numbers[:count].reshape(facts["examples"], *facts["shape"])
    expected = numbers[count:].reshape(facts["examples"], facts["classes"])
    worst = 0.0
    levels = onnxruntime.GraphOptimizationLevel
    for level in (levels.ORT_ENABLE_ALL, levels.ORT_DISABLE_ALL):
        session = session_of(path, level)
        answers = [session.run(None, {facts["input"]: x})[0]]
        answers.append(np.concatenate([session.run(None, {facts["input"]: one[None]})[0] for one in x]))
        worst = max(worst, *(float(np.abs(answer - expected).max()) for answer in answers))
    # Numbers may be of any size, probabilities are not.
    return worst / max(1.0, float(np.abs(expected).max())), expected


def tells(answers):
    """Whether answers are neither all alike nor all certain: any two networks would agree then."""
    ordered = np.sort(np.abs(np.atleast_2d(answers)), axis=1)
    return bool((np.ptp(answers, axis=-1) > 0.02).all() and (ordered[:, -2] > 1e-3).all())


def main():
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
    failed = []
    for path in paths:
        model = onnx.load(str(path))
        onnx.checker.check_model(model, full_check=True)
        worst, answers = difference(path)
        print(f"{path.stem:16} {worst:.1e}   {path.stat().st_size / 1e6:.1f} MB")
        if not (worst < TOLERANCE and tells(answers)):
            failed.append(path.stem)
    print(f"{len(paths)} models, {len(failed)} wrong {' '.join(failed)}")
    sys.exit(1 if failed or not paths else 0)


main()
