"""From a checkpoint to the shipped files: ONNX in int8 (7 bits of weight, so that no CPU's 8-bit products overflow), tokenizer, feature table, relation weights, settings.

python training/export.py --work .train --model .train/reader.pt --out src/musnad/tagger/data --name musnad-reader@0.1
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from model import Reader, gather
from musnad.tagger.features import SIZE
from musnad.tagger.labels import ANCHORS
from musnad.tagger.model import INPUTS

LEFT_OUT = ("wojood",)
TYPES = ("ASSAULT", "PROTEST")


class Shipped(nn.Module):
    """The reader with all its heads in one product: (batch, W, columns) and (batch, types)."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader
        parts = {n: h for n, h in reader.heads.items() if n not in LEFT_OUT}
        parts |= {f"anchor_{k}": reader.anchor[k] for k in ANCHORS} | {f"other_{k}": reader.other[k] for k in ANCHORS}
        self.columns = [(n, p.out_features) for n, p in parts.items()]
        self.all = nn.Linear(next(iter(parts.values())).in_features, sum(w for _, w in self.columns))
        with torch.no_grad():
            self.all.weight.copy_(torch.cat([p.weight for p in parts.values()]))
            self.all.bias.copy_(torch.cat([p.bias for p in parts.values()]))

    def forward(
        self, ids: Tensor, mask: Tensor, of_word: Tensor, features: Tensor, first: Tensor, last: Tensor, alive: Tensor
    ) -> tuple[Tensor, Tensor]:
        r = self.reader
        x = r.encoder(ids, mask, of_word, features, True)
        w = r.norm(r.first(gather(x, first)) + r.last(gather(x, last)) + r.told(features[:, :-1]))
        heard = alive.unsqueeze(-1)
        whole = r.whole((w * heard).sum(1) / heard.sum(1).clamp(min=1))
        return self.all(w), whole


def read(path: Path) -> Reader:
    """A checkpoint's reader, for inference."""
    saved = torch.load(path)
    state = {k: v.float() if v.is_floating_point() else v for k, v in saved["state"].items()}
    model = Reader(state["encoder.word.weight"].shape[0], saved["layers"], SIZE)
    model.load_state_dict(state)
    return model.eval()


def export(model: Shipped, path: Path) -> None:
    """The plain float32 graph."""
    b, t, w = 3, 24, 15
    shown = (
        torch.randint(4, 99, (b, t)),
        torch.ones(b, t),
        torch.randint(0, w, (b, t)),
        torch.rand(b, w + 1, SIZE),
        torch.randint(0, t, (b, w)),
        torch.randint(0, t, (b, w)),
        torch.ones(b, w),
    )
    sizes = {n: {0: "batch", 1: "pieces"} for n in ("ids", "mask", "of_word")} | {
        n: {0: "batch", 1: "words"} for n in ("first", "last", "alive", "heads")
    }
    sizes |= {"features": {0: "batch", 1: "places"}, "whole": {0: "batch"}}
    torch.onnx.export(
        model,
        shown,
        str(path),
        input_names=list(INPUTS),
        output_names=["heads", "whole"],
        dynamic_axes=sizes,
        opset_version=17,
        dynamo=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--card", type=Path, default=Path("docs/model-card.md"))
    parser.add_argument("--calibration", type=Path, help="JSON with `temperature` and `least`, from training/calibrate.py")
    args = parser.parse_args()
    reader = read(args.model)
    shipped = Shipped(reader).eval()
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        export(shipped, plain)
        quantize_dynamic(
            str(plain), str(args.out / "reader.onnx"), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather", "Gemm"],
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )  # fmt: skip
        if args.out.name != "data":
            shutil.copy(plain, args.out / "plain.onnx")
    relations: dict[str, np.ndarray] = {}
    for k in ANCHORS:
        relations |= {
            f"{k}.far": reader.far[k].detach().numpy(),
            f"{k}.weight": reader.relation[k].weight.detach().numpy(),
            f"{k}.bias": reader.relation[k].bias.detach().numpy(),
        }
    np.savez_compressed(args.out / "relations.npz", **{k: v.astype(np.float16) for k, v in relations.items()})
    for name in ("tokenizer.json", "features.bin.gz"):
        shutil.copy(args.work / name, args.out / name)
    settings = {
        "model": args.name,
        "columns": shipped.columns,
        "whole": TYPES,
        "temperature": {},
        "least": {"event": 0.4, "statement": 0.4, "commitment": 0.3},
    }
    if args.calibration:
        settings |= json.loads(args.calibration.read_text(encoding="utf-8"))
    (args.out / "settings.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    if args.card.is_file():
        shutil.copy(args.card, args.out / "card.md")
    print({p.name: round(p.stat().st_size / 1e6, 2) for p in args.out.iterdir()})


if __name__ == "__main__":
    main()
