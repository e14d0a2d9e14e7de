"""A model that Auricle exported, in ONNX Runtime behind FastAPI: POST /v1/predict takes a wav file of 16 bits and one window.

Started by bench/serve.mjs: python onnx_server.py --model model.onnx --port 8123 --threads 2
"""

import argparse
import io
import wave

import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool


def read_wav(content: bytes) -> np.ndarray:
    """The mean of the channels, on [-1, 1)."""
    with wave.open(io.BytesIO(content)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return samples.reshape(-1, file.getnchannels()).astype(np.float32).mean(axis=1) / 32768


def make_app(path: str, threads: int) -> FastAPI:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    classes = session.get_modelmeta().custom_metadata_map.get("classNames")

    def answer(content: bytes) -> dict:
        samples = read_wav(content)
        shape = [1 if not isinstance(length, int) else length for length in given.shape]
        shape[1] = len(samples)
        outputs = session.run(None, {given.name: samples.reshape(shape)})[0]
        return {"probabilities": outputs.reshape(-1).tolist(), "classes": classes}

    app = FastAPI()

    @app.post("/v1/predict")
    async def predict(request: Request) -> dict:
        return await run_in_threadpool(answer, await request.body())

    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    given = parser.parse_args()
    uvicorn.run(make_app(given.model, given.threads), host="127.0.0.1", port=given.port, log_level="warning")
