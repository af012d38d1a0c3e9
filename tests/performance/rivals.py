#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
"""Compare the network kernel with PyTorch and JAX.

The same loss and parameter gradient, on the same points, targets and
parameters, in double precision on one thread; first the agreement of values and
gradients, then times, with all programs in turn in every round.

    rivals.py BUILD/tests/performance/kernel_benchmark [rounds [picture.png [case ...]]]

Two tables are printed, of all forms and of the best ones; gnuplot draws the
second. Cases are numbered from 0; all of them by default. Needs Python with torch and jax; rivals.sh makes a virtual environment of its
own for them. A form that a package cannot run is left out with its reason.
"""

import os

# before any package starts its threads
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import numpy


class Case:
    """A case that kernel_benchmark --write has left in a folder."""

    def __init__(self, folder, index, name):
        self.index, self.name = index, name
        lines = pathlib.Path(folder, f"{index}.txt").read_text().splitlines()
        self.inputs, self.components, self.n = map(int, lines[0].split())
        self.hidden = list(map(int, lines[1].split()))
        self.entries = [tuple(map(int, line.split())) for line in lines[2:]]
        numbers = numpy.fromfile(pathlib.Path(folder, f"{index}.bin"))
        self.points, rest = numpy.split(numbers, [self.n * self.inputs])
        self.points = self.points.reshape(self.n, self.inputs)
        count = self.components * len(self.entries) * self.n
        self.targets, rest = numpy.split(rest, [count])
        self.targets = self.targets.reshape(
            self.components, len(self.entries), self.n)
        widths = [self.inputs, *self.hidden, self.components]
        self.layers = []
        for fan_in, fan_out in zip(widths, widths[1:]):
            w, b, rest = numpy.split(rest, [fan_in * fan_out, fan_in * fan_out + fan_out])
            self.layers += [w.reshape(fan_out, fan_in), b]
        self.loss, self.gradient = rest[0], rest[1:]
        self.order = max(sum(e) for e in self.entries)

    def check(self, loss, gradient):
        gradient = numpy.concatenate([numpy.asarray(g).ravel() for g in gradient])
        error = max(abs(loss - self.loss) / abs(self.loss),
                    numpy.abs(gradient - self.gradient).max()
                    / numpy.abs(self.gradient).max())
        if not error < 1e-10:
            raise RuntimeError(f"values differ by {error:.1e}")
        return error


def undisturbed_seconds(evaluate):
    """The fastest twentieth of many evaluations, as kernel_benchmark --time."""
    evaluate()
    times = []
    begin_of_all = time.perf_counter()
    while len(times) < 10 or (
            len(times) < 100 and time.perf_counter() - begin_of_all < 3):
        start = time.thread_time()
        begin = time.perf_counter()
        evaluate()
        # packages may work in a thread of their own
        times.append(max(time.thread_time() - start, time.perf_counter() - begin))
    return sorted(times)[len(times) // 20]


def directions(entry):
    """The coordinates that a multi-index differentiates by, one by one."""
    return [i for i, times in enumerate(entry) for _ in range(times)]


def torch_forms(case):
    import torch
    torch.set_num_threads(1)
    parameters = [torch.tensor(p, requires_grad=True) for p in case.layers]
    points = torch.tensor(case.points)
    targets = torch.tensor(case.targets)

    def network(p, x):
        for i in range(0, len(p) - 2, 2):
            x = torch.tanh(x @ p[i].T + p[i + 1])
        return x @ p[-2].T + p[-1]

    def by_func(p):
        """The way of arXiv 2505.01391: vmap of (nested) jacrev."""
        functions = [lambda x: network(p, x)]
        for _ in range(case.order):
            functions.append(torch.func.jacrev(functions[-1]))
        loss = 0
        jets = {k: torch.func.vmap(functions[k])(points)
                for k in {sum(e) for e in case.entries}}
        for column, entry in enumerate(case.entries):
            jet = jets[sum(entry)]
            for i in directions(entry):
                jet = jet.select(2, i)
            loss = loss + ((jet.T - targets[:, column]) ** 2).sum()
        return loss / targets.numel()

    def by_autograd(p):
        x = points.clone().requires_grad_()
        u = network(p, x)
        loss = 0
        for component in range(case.components):
            known = {(): u[:, component]}

            def derivative(path):
                if path not in known:
                    below = derivative(path[:-1])
                    gradient = torch.autograd.grad(
                        below.sum(), x, create_graph=True)[0]
                    for i in range(case.inputs):
                        known[path[:-1] + (i,)] = gradient[:, i]
                return known[path]

            for column, entry in enumerate(case.entries):
                jet = derivative(tuple(directions(entry)))
                loss = loss + ((jet - targets[component, column]) ** 2).sum()
        return loss / targets.numel()

    def evaluation(loss_function):
        def evaluate():
            loss = loss_function(parameters)
            return loss.item(), [g.numpy() for g in torch.autograd.grad(
                # a loss of derivatives does not see the last bias
                loss, parameters, materialize_grads=True)]
        return evaluate

    forms = {"torch.func": evaluation(by_func),
             "torch.autograd": evaluation(by_autograd)}
    forms["torch.compile"] = evaluation(torch.compile(by_func))
    return forms


def jax_forms(case):
    import jax
    import jax.experimental.jet
    import jax.numpy as jnp
    jax.config.update("jax_enable_x64", True)
    parameters = [jnp.array(p) for p in case.layers]
    points = jnp.array(case.points)
    targets = jnp.array(case.targets)

    def network(p, x):
        for i in range(0, len(p) - 2, 2):
            x = jnp.tanh(p[i] @ x + p[i + 1])
        return p[-2] @ x + p[-1]

    def nested(transform):
        def loss(p):
            def jets(x):
                functions = [lambda y: network(p, y)]
                for k in range(case.order):
                    functions.append(transform(k)(functions[-1]))
                values = {k: functions[k](x) for k in {sum(e) for e in case.entries}}
                return jnp.stack(
                    [values[sum(e)][(slice(None), *directions(e))] for e in case.entries],
                    axis=1)
            all_jets = jax.vmap(jets)(points)
            return ((jnp.transpose(all_jets, (1, 2, 0)) - targets) ** 2).mean()
        return loss

    def by_jet(p):
        # pure derivatives only: one Taylor series per coordinate
        if any(sum(e) != max(e) for e in case.entries):
            raise NotImplementedError("mixed derivatives")

        def jets(x):
            result = {}
            for i in range(case.inputs):
                order = max(e[i] for e in case.entries)
                if order == 0:
                    continue
                series = [jnp.zeros(case.inputs).at[i].set(1.0)] + [
                    jnp.zeros(case.inputs)] * (order - 1)
                value, terms = jax.experimental.jet.jet(
                    lambda y: network(p, y), (x,), (series,))
                for k in range(order + 1):
                    result[(i, k)] = value if k == 0 else terms[k - 1]
            columns = []
            for e in case.entries:
                i = max(range(case.inputs), key=lambda d: e[d])
                columns.append(result[(i, e[i])])
            return jnp.stack(columns, axis=1)
        all_jets = jax.vmap(jets)(points)
        return ((jnp.transpose(all_jets, (1, 2, 0)) - targets) ** 2).mean()

    def evaluation(loss_function):
        compiled = jax.jit(jax.value_and_grad(loss_function))

        def evaluate():
            loss, gradient = compiled(parameters)
            jax.block_until_ready(gradient)
            return float(loss), gradient
        return evaluate

    return {"jax jacfwd": evaluation(nested(lambda k: jax.jacfwd)),
            "jax jacrev": evaluation(nested(lambda k: jax.jacrev)),
            "jax jacfwd(jacrev)": evaluation(
                nested(lambda k: jax.jacrev if k == 0 else jax.jacfwd)),
            "jax jet": evaluation(by_jet)}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    benchmark = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        names = subprocess.run([benchmark, "--write", folder], check=True, text=True,
                               capture_output=True).stdout.splitlines()
        chosen = list(map(int, sys.argv[4:])) or range(len(names))
        cases = [Case(folder, i, names[i]) for i in chosen]

    print("| case | DERL ms | form | ms | DERL is faster by | agreement |")
    print("|---|---|---|---|---|---|")
    summary = []
    for case in cases:
        forms, agreement = {}, {}
        for package in (torch_forms, jax_forms):
            try:
                candidates = package(case)
            except ImportError as error:
                print(f"{package.__name__}: {error}", file=sys.stderr)
                continue
            for name, evaluate in candidates.items():
                try:
                    agreement[name] = case.check(*evaluate())
                    forms[name] = evaluate
                except Exception as error:  # whatever a package cannot do
                    reason = str(error).strip().splitlines() or [type(error).__name__]
                    print(f"{case.name}: {name} left out: {reason[0][:100]}",
                          file=sys.stderr)
        ours, theirs = [], {name: [] for name in forms}
        for _ in range(rounds):
            ours.append(float(subprocess.run(
                [benchmark, "--time", str(case.index)], check=True, text=True,
                capture_output=True).stdout))
            for name, evaluate in forms.items():
                theirs[name].append(undisturbed_seconds(evaluate))
        ratios = {name: statistics.median(t / o for t, o in zip(theirs[name], ours))
                  for name in forms}
        summary.append((case.name, [
            min((r for n, r in ratios.items() if n.startswith(group)), default=None)
            for group in ("torch", "torch.func", "jax")]))
        for name, ratio in ratios.items():
            print(f"| {case.name} | {1e3 * statistics.median(ours):.2f} | {name} | "
                  f"{1e3 * statistics.median(theirs[name]):.2f} | {ratio:.1f} | "
                  f"{agreement[name]:.0e} |", flush=True)

    groups = ["best of PyTorch", "the paper's form", "best of JAX"]
    print("\n| case |", " | ".join(groups), "|")
    print("|---|---|---|---|")
    for name, best in summary:
        print(f"| {name} |", " | ".join(
            "-" if r is None else f"{r:.1f}" for r in best), "|")
    if len(sys.argv) > 3:
        draw(sys.argv[3], groups, summary)


def draw(path, groups, summary):
    """The best ratios as bars."""
    # a line for each part of a name, but a set in braces in one
    rows = ['"' + re.sub(r", (?![^{]*})|(?<=\+)", r"\\n", name) + '" ' + " ".join(
        "NaN" if r is None else f"{r:.3f}" for r in best) for name, best in summary]
    bars = ", ".join(f"$d using {k + 2}:xtic(1) title \"{group}\""
                     for k, group in enumerate(groups))
    script = "\n".join([
        "$d << end", *rows, "end",
        f'set terminal pngcairo size 1200,620 noenhanced font "sans,11"; set output "{path}"',
        "set style data histogram; set style histogram cluster gap 1",
        "set style fill solid 0.8 noborder; set boxwidth 0.9",
        'set title "Time of one loss and parameter gradient, as a multiple of DERL\'s '
        '(one core, double precision)"',
        "set logscale y; set yrange [0.8:*]; set ytics (1, 2, 3, 5, 10, 20, 30, 50)",
        "set grid ytics; set key top left; set bmargin 6",
        'set xtics font "sans,9"; set arrow from graph 0, first 1 to graph 1, first 1 nohead '
        "lw 2 front",
        f"plot {bars}"])
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


if __name__ == "__main__":
    main()
