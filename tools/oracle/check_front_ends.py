"""Runs every front end, as `auricle export --pytorch` writes it, in PyTorch and compares the features with the library's.

    npm run build && .venv/bin/python tools/oracle/check_front_ends.py

Prints how far they are apart at most, which must be below 1e-4 of the largest, and fails otherwise.
"""

import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch

HERE = pathlib.Path(__file__).parent


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", HERE / "export_front_ends.mjs", folder], check=True)
        folder = pathlib.Path(folder)
        cases = json.loads((folder / "cases.json").read_text())
        for case in cases:
            name = case["name"]
            spec = importlib.util.spec_from_file_location("front_end", folder / f"{name}.py")
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            waveforms = np.fromfile(folder / f"{name}.waveform", np.float32).reshape(2, case["samples"])
            expected = np.fromfile(folder / f"{name}.features", np.float32).reshape(case["shape"])
            found = np.moveaxis(module.FrontEnd()(torch.from_numpy(waveforms)).numpy(), 1, -1)
            same = found.shape == expected.shape
            apart = np.abs(found - expected).max() / max(1, np.abs(expected).max()) if same else np.inf
            print(f"{name:22} {list(expected.shape)} {apart:.1e}", flush=True)
            if not apart < 1e-4:
                wrong.append(name)
    print(f"{len(cases)} front ends, {len(wrong)} wrong {' '.join(wrong)}")
    sys.exit(1 if wrong or not cases else 0)


main()
