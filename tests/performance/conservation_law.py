#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
"""Compare a training step of the conservation law with PyTorch.

A step of Adam with all points, of the student that learns first derivatives of
density, momentum and pressure, and initial values: the network and its
divergence-free head are the same, and so is the number of points, on one thread.

    conservation_law.py BUILD/applications/conservation_law/conservation_law
                        PRM/derl.prm [points [width [layers]]]

PyTorch's forms are nested jacrev, the way of arXiv 2505.01391, and jacfwd, in
double and single precision; DERL is double. Needs Python with torch, see
rivals.sh.
"""

import os

# before any package starts its threads
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import torch
from torch.func import functional_call, jacfwd, jacrev, vmap


class Field(torch.nn.Module):
    """Four potentials and a pressure of (t, x, y, z)."""

    def __init__(self, width, layers):
        super().__init__()
        widths = [4] + layers * [width]
        modules = []
        for fan_in, fan_out in zip(widths, widths[1:]):
            modules += [torch.nn.Linear(fan_in, fan_out), torch.nn.Tanh()]
        self.layers = torch.nn.Sequential(*modules, torch.nn.Linear(width, 5))

    def forward(self, x):
        return self.layers(x)


def field_of(network, outer, inner):
    """Density, momentum and pressure, whose divergence is zero, at a point."""

    def field(parameters, x):
        def outputs(y):
            return functional_call(network, parameters, (y,))

        # second derivatives of the potentials: [potential][i][j]
        hessians = outer(inner(outputs))(x)[:4]
        conserved = (torch.einsum("ijj->i", hessians)
                     - torch.einsum("jij->i", hessians))
        return torch.cat([conserved, outputs(x)[4:]])

    return field


def divergence(field, parameters, x):
    return torch.trace(jacrev(lambda y: field(parameters, y)[:4])(x))


def torch_step(dtype, form, points, width, layers):
    """A function that makes one step of Adam."""
    torch.manual_seed(0)
    network = Field(width, layers).to(dtype)
    parameters = dict(network.named_parameters())
    outer, inner = (jacrev, jacrev) if form == "jacrev" else (jacfwd, jacfwd)
    field = field_of(network, outer, inner)
    derivatives = outer(field, argnums=1)
    x = torch.rand(points, 4, dtype=dtype)
    start = torch.rand(points, 4, dtype=dtype)
    start[:, 0] = 0
    gradients = torch.rand(points, 5, 4, dtype=dtype)
    values = torch.rand(points, 4, dtype=dtype)
    largest = vmap(lambda y: divergence(field, parameters, y))(x[:10]).abs().max()
    if not largest < (1e-12 if dtype == torch.double else 1e-4):
        raise RuntimeError(f"the divergence is {largest}")
    optimizer = torch.optim.Adam(network.parameters())

    def step():
        optimizer.zero_grad()
        jacobians = vmap(derivatives, in_dims=(None, 0))(parameters, x)
        initial = vmap(field, in_dims=(None, 0))(parameters, start)[:, :4]
        loss = (((jacobians - gradients) ** 2).mean(0).sum()
                + ((initial - values) ** 2).mean(0).sum())
        loss.backward()
        optimizer.step()

    return step


def torch_seconds(step, n=10):
    step()
    times = []
    for _ in range(n):
        begin = time.thread_time(), time.perf_counter()
        step()
        # work may be in a thread of its own
        times.append((time.thread_time() - begin[0], time.perf_counter() - begin[1]))
    return [min(column) for column in zip(*times)]


def derl_seconds(program, prm, points, width, layers, n=100):
    """Of the program's own clock, in the fastest of three runs."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(3):
            settings = {
                "Output folder": folder, "Teacher": folder + "/teacher.json",
                "Teacher iterations": 1, "Number of points": points,
                "Network/Hidden layers": ", ".join(layers * [str(width)]),
                "Training/Method": "Adam", "Training/Stagnation iterations": 0,
                "Training/Validation fraction": 0,
                "Training/Maximal number of iterations": n}
            arguments = [x for key, value in settings.items()
                         for x in ("--set", f"{key}={value}")]
            subprocess.run([program, prm, *arguments], check=True,
                           capture_output=True, cwd=folder)
            summary = json.loads(pathlib.Path(folder, "summary.json").read_text())
            times.append(summary["seconds"]["training"] / summary["iterations"])
    return min(times)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, prm = (str(pathlib.Path(a).resolve()) for a in sys.argv[1:3])
    points, width, layers = (list(map(int, sys.argv[3:])) + [1000, 20, 3][len(sys.argv) - 3:])
    torch.set_num_threads(1)
    ours = derl_seconds(program, prm, points, width, layers)
    print(f"{points} points, {layers} layers of {width}\n")
    print("| program | ms per step, clock | processor | DERL is faster by |")
    print("|---|---|---|---|")
    print(f"| DERL, double | {1e3 * ours:.1f} | | |")
    for form in ("jacrev", "jacfwd"):
        for dtype in (torch.double, torch.float):
            processor, clock = torch_seconds(
                torch_step(dtype, form, points, width, layers))
            print(f"| PyTorch, {form}, {str(dtype)[6:]} | {1e3 * clock:.1f} | "
                  f"{1e3 * processor:.1f} | {clock / ours:.1f} |", flush=True)


if __name__ == "__main__":
    main()
