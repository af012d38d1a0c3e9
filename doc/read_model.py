# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
"""Evaluates a model file of DERL (model_file.md) at points: read_model.py MODEL POINTS"""
import json, sys, numpy as np

ACTIVATIONS = {"tanh": lambda z, b: np.tanh(z), "sine": lambda z, b: np.sin(z), "softplus": lambda z, b: np.log(1 + np.exp(b * z)) / b,
               "silu": lambda z, b: z / (1 + np.exp(-z))}

def outputs(model, x):  # of the network, scaled; x is [point][coordinate], real or complex
    shape, p, s = model["architecture"], np.array(model["parameters"]), {k: np.array(v) for k, v in model["scaling"].items()}
    y = x - s["input_shift"]
    features = model.get("sections", {}).get("input_map", {"linear": [*range(x.shape[1])], "waves": []})
    a = np.hstack([(y / s["input_scale"])[:, features["linear"]]]
                  + [f(2 * np.pi * y @ np.array([wave]).T) for wave in features["waves"] for f in (np.cos, np.sin)])
    for n in shape["hidden"] + [shape["outputs"]]:
        W, b, p = np.split(p, [n * a.shape[1], n * a.shape[1] + n])
        a = (ACTIVATIONS[shape["activation"]] if p.size else lambda z, _: z)(a @ W.reshape(n, -1).T + b, shape["softplus_beta"])
    return s["output_shift"] + s["output_scale"] * a

def derivative(f, x, order):  # by Cauchy's integral: exact to round-off
    if not any(order): return f(x)
    unit = np.eye(len(order), dtype=int)[np.nonzero(order)[0][0]]
    return np.mean([derivative(f, x + h * unit, order - unit) / h for h in 0.05 * np.exp(1j * np.pi * np.arange(-16, 16) / 16)], axis=0)

def components(model, x):  # of the surrogate
    output = model.get("sections", {}).get("output_map", {"outputs": []})
    def imposed(x):
        a = outputs(model, x)
        for o, values in enumerate(output["outputs"]):
            a[:, o] *= np.prod([(x[:, f["coordinate"]] - f["position"]) / f["scale"] for f in values["distance"]], axis=0)
            a[:, o] += sum(t["coefficient"] * np.prod(x**t["exponents"], axis=1) for t in values["polynomial"])
            if other := values["surrogate"]: a[:, o] += components(output["surrogates"][other["number"]], x)[:, other["component"]]
        return a
    return imposed(x) if not output["outputs"] else np.stack([sum(t["coefficient"] * derivative(
        imposed, x, t["derivative"])[:, t["output"]] for t in terms) for terms in output["components"]], axis=1)

if __name__ == "__main__": np.savetxt(sys.stdout, components(json.load(open(sys.argv[1])), np.loadtxt(sys.argv[2], ndmin=2)).real)
