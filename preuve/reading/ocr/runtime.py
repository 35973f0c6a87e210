"""Neural networks of the rapidocr wheel on OpenVINO, or on onnxruntime where that is missing.

One thread each: a worker runs one process a core, which beats threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Network = Callable[[Floats], Floats]

DETECTION = "PP-OCRv6_det_small.onnx"
RECOGNITION = "PP-OCRv6_rec_small.onnx"
DIRECTION = "ch_ppocr_mobile_v2.0_cls_mobile.onnx"


def load_network(name: str) -> Network:
    """A network of the wheel: batch in, first output out, valid until the next call."""
    if util.find_spec("openvino"):
        return _openvino_network(_openvino().read_model(_path(name)))
    return _onnx_network(_onnx_session(name))


def alphabet(name: str) -> list[str]:
    """The characters of a recognition network in the order of its output, blank ("") first."""
    if util.find_spec("openvino"):
        info = _openvino().read_model(_path(name)).get_rt_info()
        characters = info["framework"]["character"].value
    else:
        characters = _onnx_session(name).get_modelmeta().custom_metadata_map["character"]
    return ["", *characters.splitlines(), " "]


def load_classifier(name: str, keep: Sequence[int]) -> Network:
    """A network that ends in a linear layer and a softmax, narrowed to the classes `keep`.

    Leaving classes out before the softmax saves the work for them and shares out their
    probability among the others.
    """
    if util.find_spec("openvino"):
        return _openvino_network(_narrowed(_openvino().read_model(_path(name)), keep))
    whole = _onnx_network(_onnx_session(name))
    columns = np.asarray(keep)

    def run(batch: Floats) -> Floats:
        kept = whole(batch)[..., columns]
        shared: Floats = kept / np.maximum(kept.sum(axis=-1, keepdims=True), 1e-9)
        return shared

    return run


def _path(name: str) -> Path:
    spec = util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise RuntimeError("The package rapidocr is missing; run `make setup`.")
    path = Path(spec.origin).parent / "models" / name
    if not path.is_file():
        raise RuntimeError(f"This rapidocr brings no {name}; run `make setup` for the pinned one.")
    return path


@cache
def _openvino() -> Any:
    import openvino

    core = openvino.Core()
    core.set_property(
        "CPU",
        {
            "INFERENCE_NUM_THREADS": 1,
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "ENABLE_CPU_PINNING": False,
        },
    )
    return core


def _openvino_network(model: Any) -> Network:
    request = _openvino().compile_model(model, "CPU").create_infer_request()

    def run(batch: Floats) -> Floats:
        request.infer([batch])
        output: Floats = request.get_output_tensor().data
        return output

    return run


def _narrowed(model: Any, keep: Sequence[int]) -> Any:
    import openvino
    from openvino import opset13 as op

    last = model.get_results()[0].input_value(0).get_node()
    add = _producer(last, "Add")
    product = _producer(add, "MatMul")
    bias = add.input_value(1).get_node().data[list(keep)]
    weights = np.ascontiguousarray(product.input_value(1).get_node().data[:, list(keep)])
    scores = op.matmul(product.input_value(0), op.constant(weights), False, False)
    softmax = op.softmax(op.add(scores, op.constant(bias)), axis=2)
    return openvino.Model([softmax.output(0)], model.get_parameters(), "narrowed")


def _producer(node: Any, kind: str) -> Any:
    while node.get_type_name() != kind:
        node = node.input_value(0).get_node()
    return node


@cache
def _onnx_session(name: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(
        str(_path(name)), options, providers=["CPUExecutionProvider"]
    )


def _onnx_network(session: Any) -> Network:
    entry = session.get_inputs()[0].name

    def run(batch: Floats) -> Floats:
        output: Floats = session.run(None, {entry: batch})[0]
        return output

    return run
