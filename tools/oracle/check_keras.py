"""Runs the programs of export_for_keras.mjs in Keras and compares the models' answers with the library's.

    python tools/oracle/check_keras.py <folder>

Prints how far they are apart at most, which must be below 1e-4 of the largest, and fails otherwise.
"""

import importlib.util
import json
import pathlib
import sys

import numpy as np


def difference(place):
    spec = importlib.util.spec_from_file_location("model", place / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    facts = json.loads((place / "example.json").read_text())
    example = np.fromfile(place / "example.bin", np.float32).reshape(1, *facts["shape"])
    found = np.asarray(module.load()(example)).ravel()
    answer = np.asarray(facts["answer"])
    return float(np.abs(found - answer).max() / max(1, np.abs(answer).max()))


def main():
    worst = 0.0
    for place in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        apart = difference(place)
        worst = max(worst, apart)
        print(f"{place.name:20} {apart:.1e}")
    sys.exit(0 if worst < 1e-4 else 1)


main()
