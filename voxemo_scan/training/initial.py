"""The speech encoder's weights that training starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from safetensors import SafetensorError
from safetensors.torch import load_file

from voxemo_scan.digest import file_sha256
from voxemo_scan.errors import MissingError
from voxemo_scan.models.whisper import WhisperBlocks, WhisperShape

_PREFIX: Final = "model.encoder."
_FILE: Final = "model.safetensors"


def initial_file(name_or_path: str) -> Path:
    """Return the weight file, downloaded to Hugging Face's own cache if it is no local one.

    Raises:
        MissingError: it is neither a file nor to be had from the hub.
    """
    path = Path(name_or_path)
    if path.is_file():
        return path
    from huggingface_hub import hf_hub_download  # noqa: PLC0415  (the [train] extra, slow to load)
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError  # noqa: PLC0415

    try:
        return Path(hf_hub_download(name_or_path, _FILE))
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        raise MissingError(
            f"the encoder's weights {name_or_path!r} are not to be had: {error}",
            remedy="check the network, or download the file and name it with --encoder",
        ) from error


def load_initial(path: Path, shape: WhisperShape) -> tuple[WhisperBlocks, str]:
    """Return the encoder's first blocks with the weights at ``path``, and the file's checksum.

    Args:
        path: safetensors with the tensor names of ``openai/whisper-base``.
        shape: how many blocks to take.

    Raises:
        MissingError: the file holds no such encoder.
    """
    blocks = WhisperBlocks(shape)
    try:
        tensors = load_file(path)
        wanted = blocks.state_dict()
        blocks.load_state_dict({name: tensors[_PREFIX + name].float() for name in wanted})
    except (OSError, SafetensorError, KeyError, RuntimeError) as error:
        raise MissingError(
            f"{path} holds no Whisper encoder of {shape.blocks} blocks, {shape.width} wide",
            remedy="give the model.safetensors of openai/whisper-base",
        ) from error
    return blocks.eval(), file_sha256(path)
