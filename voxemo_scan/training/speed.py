"""How fast an encoder member runs in each form, and what each form costs in accuracy.

python -m voxemo_scan.training.speed FILE --data DIR

Forms: torch in float32 and bfloat16, torch with 8-bit weights; ONNX Runtime in float32 and with
8-bit weights. All encode the same test clips of ``unseen-speakers``, each by itself, in turns, so
that what else the machine does weighs on all alike.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from voxemo_scan.features.log_mel import log_mels
from voxemo_scan.folders import cache_folder
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.weights import load_network
from voxemo_scan.models.whisper import WhisperBlocks
from voxemo_scan.training.labels import SIX
from voxemo_scan.training.metrics import measure
from voxemo_scan.training.prepare import prepare

Encode = Callable[[Tensor], list[Tensor]]
"""From log-mels, [1, 80, frames], to the hidden states after each block."""

_ROUNDS: Final = 3
_TIMED: Final = 40


@dataclass(frozen=True, slots=True)
class Form:
    """A form's figures; ``factor`` is how many times faster than torch in float32 it is."""

    name: str
    seconds: float
    factor: float
    ua: float
    megabytes: float


class _Whole(nn.Module):
    """The blocks as one graph: log-mels in, the states after every block out."""

    def __init__(self, blocks: WhisperBlocks) -> None:
        super().__init__()
        self.blocks = blocks

    def forward(self, mels: Tensor) -> tuple[Tensor, ...]:
        """Return the states of one signal."""
        blocks = self.blocks
        heard = nn.functional.gelu(blocks.conv1(mels))
        states = nn.functional.gelu(blocks.conv2(heard)).transpose(1, 2)
        states = states + blocks.positions[: states.shape[1]]
        found = [states]
        for block in blocks.layers:
            states = block(states, None)
            found.append(states)
        return tuple(found)


def forms(blocks: WhisperBlocks, folder: Path) -> Mapping[str, tuple[Encode, float]]:
    """Return each form's way to encode, and its weights' size in megabytes."""
    whole = _Whole(blocks).eval()
    size = sum(p.numel() for p in blocks.parameters()) / 1e6
    exported = _export(whole, folder)
    quantised = _quantise(exported, folder)
    quantise: Any = torch.ao.quantization.quantize_dynamic
    eight_bit = quantise(whole, {nn.Linear}, dtype=torch.qint8)
    return {
        "torch float32": (lambda mels: list(whole(mels)), 4 * size),
        "torch bfloat16": (_autocast(whole), 4 * size),
        "torch 8-bit weights": (lambda mels: list(eight_bit(mels)), size),
        "ONNX Runtime float32": (_session(exported), exported.stat().st_size / 1e6),
        "ONNX Runtime 8-bit": (_session(quantised), quantised.stat().st_size / 1e6),
    }


def _autocast(whole: nn.Module) -> Encode:
    def encode(mels: Tensor) -> list[Tensor]:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return [states.float() for states in whole(mels)]

    return encode


def _export(whole: nn.Module, folder: Path) -> Path:
    path = folder / "encoder.onnx"
    mels = torch.zeros(1, 80, 300)
    torch.onnx.export(
        whole, (mels,), path, input_names=["mels"], dynamo=False, opset_version=17,
        output_names=[f"states{n}" for n in range(len(whole(mels)))],
        dynamic_axes={"mels": {2: "frames"}},
    )  # fmt: skip
    return path


def _quantise(path: Path, folder: Path) -> Path:
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    to = folder / "encoder8.onnx"
    quantize_dynamic(path, to, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"])
    return to


def _session(path: Path) -> Encode:
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def encode(mels: Tensor) -> list[Tensor]:
        return [torch.from_numpy(states) for states in session.run(None, {"mels": mels.numpy()})]

    return encode


def compare(
    network: EncoderNetwork,
    signals: Sequence[NDArray[np.float32]],
    labels: NDArray[np.int64],
    *,
    speakers: Sequence[str],
) -> list[Form]:
    """Return each form's figures on clips, the fastest of three rounds over some of them timed."""
    with TemporaryDirectory() as folder, torch.inference_mode():
        encoders = forms(network.whisper, Path(folder))
        mels = [log_mels([signal])[0] for signal in signals]
        best = dict.fromkeys(encoders, float("inf"))
        for _ in range(_ROUNDS):
            for name, (encode, _) in encoders.items():
                started = time.perf_counter()
                for each in mels[:_TIMED]:
                    encode(each)
                best[name] = min(best[name], time.perf_counter() - started)
        found = []
        for name, (encode, megabytes) in encoders.items():
            said = np.concatenate([_judge(network, encode(each)) for each in mels])
            ua = measure(said, labels, speakers=speakers, resamples=1).ua
            factor = best["torch float32"] / best[name]
            found.append(Form(name, best[name], factor, ua, megabytes))
    return found


def _judge(network: EncoderNetwork, found: Sequence[Tensor]) -> NDArray[np.float64]:
    states = torch.stack([found[layer] for layer in network.shape.layers], dim=1)
    emotions, _ = network.judge(states, torch.tensor([states.shape[2]]))
    return cast(NDArray[np.float64], emotions.double().numpy())


def to_markdown(found: Sequence[Form], *, clips: int) -> str:
    """Return the figures as a Markdown table."""
    lines = [
        f"| form | speed | UA of {clips} clips | weights, MB |",
        "|---|---|---|---|",
        *(
            f"| {form.name} | {form.factor:.2f} x | {100 * form.ua:.1f} | {form.megabytes:.0f} |"
            for form in found
        ),
    ]
    return "\n".join(lines)


def main() -> None:
    """Compare the forms of the weight file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--clips", type=int, default=600)
    arguments = parser.parse_args()
    prepared = prepare(
        "unseen-speakers", data=arguments.data, cache_folder=cache_folder() / "corpora"
    )
    rng: Any = np.random.default_rng(0)
    test = prepared.split.test
    chosen = [test[n] for n in rng.permutation(len(test))[: arguments.clips]]
    found = compare(
        cast(EncoderNetwork, load_network(arguments.weights).network),
        [prepared.signals.whole(u) for u in chosen],
        SIX.targets(u.label for u in chosen),
        speakers=[u.speaker for u in chosen],
    )
    print(to_markdown(found, clips=len(chosen)))  # noqa: T201


if __name__ == "__main__":
    main()
