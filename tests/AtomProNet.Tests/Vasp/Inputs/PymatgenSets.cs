using System.Text.Json;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Vasp.Inputs;

/// <summary>What pymatgen and spglib make of a structure: the input sets that the presets are taken from, meshes, symmetry.</summary>
internal static class PymatgenSets
{
    private const string Script = """
        import numpy as np, os, tempfile
        from pymatgen.core import Structure
        from pymatgen.io.vasp.inputs import Poscar, Kpoints, Incar
        from pymatgen.io.vasp.sets import MPRelaxSet, MPStaticSet
        import spglib
        def plain(v):
            if isinstance(v, (list, tuple)): return [plain(x) for x in v]
            return v if isinstance(v, (bool, int, float, str)) else float(v)
        def mesh(k): return {'n': [int(x) for x in k.kpts[0]], 'gamma': k.style.name == 'Gamma'}
        result = []
        for item in data:
            s = Poscar.from_string(item['poscar']).structure
            for number in (item.get('density') or []): pass
            entry = {'formula': s.composition.formula}
            for name, cls in (('MPRelax', MPRelaxSet), ('MPStatic', MPStaticSet)):
                v = cls(s, sort_structure=False)
                entry[name] = {'incar': {k: plain(x) for k, x in v.incar.items()}, 'kpoints': mesh(v.kpoints), 'potcar': v.potcar_symbols}
            entry['densities'] = {str(d): mesh(Kpoints.automatic_density_by_vol(s, d)) for d in (30, 64, 100, 300, 1000)}
            entry['spacegroup'] = s.get_space_group_info()[0]
            cell = (s.lattice.matrix, s.frac_coords, [x.specie.Z for x in s])
            entry['irreducible'] = {}
            for n in ((1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4), (4, 4, 2)):
                for shift in (0, 1):
                    m, g = spglib.get_ir_reciprocal_mesh(n, cell, is_shift=[shift if x % 2 == 0 else 0 for x in n], symprec=1e-5)
                    entry['irreducible'][f'{n[0]} {n[1]} {n[2]} {shift}'] = int(len(np.unique(m)))
            result.append(entry)
        """;

    /// <summary>One entry for each structure; skips the test where pymatgen or spglib is missing.</summary>
    public static JsonElement Of(IEnumerable<Structure> structures)
    {
        SystemPython.SkipUnlessThere("pymatgen", "spglib");
        return SystemPython.Run(Script, structures.Select(s => new { poscar = System.Text.Encoding.UTF8.GetString(PoscarWriter.ToBytes(s)) }).ToArray());
    }
}
