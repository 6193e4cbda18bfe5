"""The other side of tests/Benchmarks/compare: ASE, pymatgen and NumPy, as their users call them.

python.py WORK FILE...   stays and takes turns: "run" does the work once and is answered by the seconds of the clock and of the
                         processor; "numbers FILE" writes the numbers as doubles, in the order that ComparedWork.cs keeps, too.
"""
import sys
import time
import warnings

import numpy

warnings.filterwarnings("ignore")


def frames_of(images, energy):
    for atoms in images:
        yield numpy.array([energy(atoms)])
        yield atoms.positions.ravel()
        yield atoms.get_forces(apply_constraint=False).ravel()


def free_energy(atoms):
    return atoms.calc.results["free_energy"]


def outcar(file):
    import ase.io
    return lambda: ase.io.read(file, index=":", format="vasp-out"), lambda images: frames_of(images, free_energy)


def outcar_dpdata(folder, file):
    # Behind Debian's packages, none of which it is to replace.
    sys.path.append(folder)
    import dpdata

    def numbers(system):
        for energy, positions, forces in zip(system["energies"], system["coords"], system["forces"]):
            yield numpy.array([energy])
            yield positions.ravel()
            yield forces.ravel()

    return lambda: dpdata.LabeledSystem(file, fmt="vasp/outcar"), numbers


def vasprun(file):
    from pymatgen.io.vasp import Vasprun

    def numbers(run):
        for step in run.ionic_steps:
            yield numpy.array([step["e_fr_energy"]])
            yield step["structure"].cart_coords.ravel()
            yield numpy.array(step["forces"]).ravel()

    return lambda: Vasprun(file, parse_dos=False, parse_eigen=False, parse_potcar_file=False), numbers


def pw_out(file):
    import ase.io

    def numbers(images):
        for atoms in images:
            yield numpy.array([atoms.get_potential_energy()])
            yield atoms.positions.ravel()
            yield atoms.get_forces(apply_constraint=False).ravel()
            yield atoms.get_stress(apply_constraint=False)

    return lambda: ase.io.read(file, index=":", format="espresso-out"), numbers


def xyz_read(file):
    import ase.io
    return lambda: ase.io.read(file, index=":", format="extxyz"), lambda images: frames_of(images, lambda a: a.get_potential_energy())


def xyz_write(file, target):
    import ase.io
    images = ase.io.read(file, index=":", format="extxyz")

    def read_back(_):
        return frames_of(ase.io.read(target, index=":", format="extxyz"), lambda a: a.get_potential_energy())

    return lambda: ase.io.write(target, images, format="extxyz"), read_back


def save(file, target):
    """numpy.save of positions and forces: two arrays, as npz and DeePMD hold them."""
    both = numpy.load(file)
    atoms = both.shape[1] // 2
    positions, forces = both[:, :atoms].copy(), both[:, atoms:].copy()

    def run():
        numpy.save(target + ".R.npy", positions)
        numpy.save(target + ".F.npy", forces)

    return run, lambda _: (numpy.concatenate([[-i], positions[i].ravel(), forces[i].ravel()]) for i in range(len(positions)))


def errors(reference, prediction):
    r, p = numpy.load(reference), numpy.load(prediction)

    def run():
        difference = p - r
        absolute = numpy.abs(difference)
        mae = absolute.mean()
        squares = numpy.dot(difference, difference)
        r2 = 1 - squares / ((r - r.mean()) ** 2).sum()
        return [mae, numpy.sqrt(squares / len(r)), r2, absolute.max(), *numpy.percentile(absolute, [50, 80, 90, 95])]

    return run, lambda result: [numpy.array(result)]


WORK = {"outcar": outcar, "outcar-dpdata": outcar_dpdata, "vasprun": vasprun, "pw.out": pw_out, "xyz-read": xyz_read, "xyz-write": xyz_write, "save": save, "errors": errors}


def main():
    run, numbers = WORK[sys.argv[1]](*sys.argv[2:])
    print("ready", flush=True)
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        result = run()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if line.strip() == "run":
            del result
            print(wall, cpu, flush=True)
        else:
            with open(line.strip()[len("numbers "):], "wb") as file:
                for part in numbers(result):
                    numpy.asarray(part, dtype="<f8").tofile(file)
            print("done", flush=True)


main()
