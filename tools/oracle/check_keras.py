"""Loads every built-in model in Keras, as a .keras file and by the program with its .npz, and compares the answers with the library's.

    npm run build && .venv/bin/python tools/oracle/check_keras.py [names…]

Prints how far they are apart at most, which must be below 1e-4 of the largest, and fails otherwise.
"""

import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

import keras
import numpy as np

HERE = pathlib.Path(__file__).parent


def by_program(place):
    spec = importlib.util.spec_from_file_location("model", place / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load()


def differences(place):
    facts = json.loads((place / "example.json").read_text())
    example = np.fromfile(place / "example.bin", np.float32).reshape(1, *facts["shape"])
    answer = np.asarray(facts["answer"])
    # Where one class is certain, or all are alike, any two networks agree.
    assert np.ptp(answer) > 0.02 and np.sort(np.abs(answer))[-2] > 1e-3, f"{place.name} answers {answer}, which tells nothing"
    for model in (keras.saving.load_model(place / "model.keras"), by_program(place)):
        found = model.predict(example, verbose=0).ravel()
        yield float(np.abs(found - answer).max() / max(1, np.abs(answer).max()))


def main():
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", HERE / "export_for_keras.mjs", folder, *sys.argv[1:]], check=True)
        places = sorted(pathlib.Path(folder).iterdir())
        for place in places:
            whole, program = differences(place)
            worst = max(worst, whole, program)
            print(f"{place.name:20} .keras {whole:.1e}, program {program:.1e}", flush=True)
    sys.exit(0 if places and worst < 1e-4 else 1)


main()
