using System.Text.Json;
using AtomProNet.Formats.Cif;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

/// <summary>Crystals of several space groups against pymatgen and ASE, and writing.</summary>
public class CifCrystalTests
{
    [Fact]
    public void Symmetric_crystals_agree_with_pymatgen_and_ase()
    {
        SystemPython.SkipUnlessThere("ase", "pymatgen.io.cif", "spglib");
        using var folder = new ScratchFolder();
        JsonElement result = SystemPython.Run("""
            import numpy as np
            from pymatgen.core import Structure, Lattice
            from pymatgen.io.cif import CifWriter, CifParser
            from ase.io import read
            crystals = [
                ('corundum', 'R-3c', Lattice.hexagonal(4.7602, 12.9933), ['Al3+', 'O2-'], [[0, 0, 0.35216], [0.30624, 0, 0.25]]),
                ('quartz', 'P3_221', Lattice.hexagonal(4.9134, 5.4052), ['Si4+', 'O2-'], [[0.4699, 0, 2 / 3], [0.4141, 0.2681, 0.7854]]),
                ('perovskite', 'Pm-3m', Lattice.cubic(3.905), ['Sr', 'Ti', 'O'], [[0.5, 0.5, 0.5], [0, 0, 0], [0.5, 0, 0]]),
                ('spinel', 'Fd-3m', Lattice.cubic(8.0832), ['Mg', 'Al', 'O'], [[0.125, 0.125, 0.125], [0.5, 0.5, 0.5], [0.2624, 0.2624, 0.2624]]),
                ('wurtzite', 'P6_3mc', Lattice.hexagonal(3.25, 5.207), ['Zn', 'O'], [[1 / 3, 2 / 3, 0], [1 / 3, 2 / 3, 0.3819]]),
                ('baddeleyite', 'P2_1/c', Lattice.monoclinic(5.15, 5.21, 5.32, 99.2), ['Zr', 'O', 'O'], [[0.2754, 0.0395, 0.2083], [0.07, 0.3317, 0.3447], [0.4496, 0.7569, 0.4792]]),
                ('layered', 'R-3m', Lattice.hexagonal(2.816, 14.05), ['Li', 'Co', 'O'], [[0, 0, 0.5], [0, 0, 0], [0, 0, 0.2605]]),
                ('rutile', 'P4_2/mnm', Lattice.tetragonal(4.5937, 2.9587), ['Ti', 'O'], [[0, 0, 0], [0.3053, 0.3053, 0]]),
                ('triclinic', 'P-1', Lattice.from_parameters(6.1, 7.2, 5.3, 81, 95, 107), ['Ca', 'Si', 'O'], [[0.1, 0.2, 0.3], [0.6, 0.7, 0.1], [0.9, 0.4, 0.6]]),
            ]
            result = []
            for name, group, lattice, species, coords in crystals:
                s = Structure.from_spacegroup(group, lattice, species, coords)
                path = data + '/' + name + '.cif'
                CifWriter(s, symprec=1e-3, significant_figures=10).write_file(path)
                p = CifParser(path).get_structures(primitive=False)[0]
                a = read(path)
                oxidation = [getattr(x.specie, 'oxi_state', None) for x in p]
                result.append(dict(path=path, volume=p.volume, symbols=[x.specie.symbol for x in p], fractional=p.frac_coords.tolist(), oxidation=oxidation,
                                   ase=dict(symbols=a.get_chemical_symbols(), fractional=a.get_scaled_positions().tolist(), cell=np.array(a.cell).tolist())))
            """, folder.FullName);
        Assert.Equal(9, result.GetArrayLength());
        foreach (JsonElement expected in result.EnumerateArray())
        {
            string path = expected.GetProperty("path").GetString()!;
            var findings = new List<Finding>();
            Structure s = Assert.Single(CifReader.Read(File.ReadAllBytes(path), path, new() { Report = findings.Add }));
            Assert.Empty(findings);
            Assert.Equal(expected.GetProperty("volume").GetDouble(), s.Volume!.Value, 1e-6);
            AssertSameAtoms(s, expected);
            AssertSameAtoms(s, expected.GetProperty("ase"));
            double[] cell = Numbers(expected.GetProperty("ase").GetProperty("cell"));
            foreach ((double a, double b) in cell.Zip(s.Lattice!.Rows.ToRowMajor()))
            {
                Assert.Equal(a, b, 1e-8);
            }

            bool charged = expected.GetProperty("oxidation")[0].ValueKind == JsonValueKind.Number && expected.GetProperty("oxidation")[0].GetDouble() != 0;
            Assert.Equal(charged, s.SiteProperties.ContainsKey("oxidation_state"));
        }
    }

    [Fact]
    public void The_shared_cif_agrees_with_its_poscar_and_with_pymatgen()
    {
        string path = SharedData.Path("data", "structures", "Al2O3.cif");
        Structure s = Assert.Single(CifReader.Read(File.ReadAllBytes(path), path));
        Structure poscar = AtomProNet.Formats.Poscar.PoscarReader.Read(File.ReadAllBytes(SharedData.Path("data", "structures", "Al2O3.poscar")), "Al2O3.poscar");
        Assert.Equal(poscar.Species, s.Species);
        Assert.Equal("Al8O12", s.Composition.Formula.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(171.32076122, s.Volume!.Value, 1e-7);
        for (int i = 0; i < s.AtomCount; i++)
        {
            Assert.True((s.FractionalPositions[i] - poscar.FractionalPositions[i]).Length < 1e-9);
        }

        Assert.Equal(3.0, s.SiteProperties["oxidation_state"].Reals[0]);
        Assert.Equal(-2.0, s.SiteProperties["oxidation_state"].Reals[19]);
        Assert.Equal(s.SiteProperties["oxidation_state"], poscar.SiteProperties["oxidation_state"]);
    }

    [Fact]
    public void What_was_written_reads_back()
    {
        int tried = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            Structure s = RandomStructures.Any(new Random(seed), name: seed % 3 == 0 ? "a name # with 'signs'" : null, kind: CoordinateKind.Fractional);
            if (Enumerable.Range(0, s.AtomCount).Any(i => Enumerable.Range(0, i).Any(j => s.Distance(i, j) < 0.2)))
            {
                continue; // Random atoms can lie on top of each other, which a CIF may not.
            }

            tried++;
            using var stream = new MemoryStream();
            using (var writer = new CifWriter(stream))
            {
                writer.Write(s);
                writer.Write(s);
            }

            IReadOnlyList<Structure> back = CifReader.Read(stream.ToArray(), "a.cif");
            Assert.Equal(2, back.Count);
            Assert.NotEqual(back[0].Name, back[1].Name);
            Assert.Equal(s.Species, back[0].Species);
            // A left-handed cell has its first two vectors exchanged.
            bool right = s.Lattice!.IsRightHanded;
            Assert.Equal(s.FractionalPositions.Select(f => right ? f : new Vector3D(f.Y, f.X, f.Z)), back[0].FractionalPositions);
            Assert.Equal(s.Volume!.Value, back[0].Volume!.Value, 1e-8 * s.Volume.Value);
            Assert.True(back[0].Lattice!.IsRightHanded);
            for (int i = 1; i < s.AtomCount; i++)
            {
                Assert.Equal(s.Distance(0, i), back[0].Distance(0, i), 1e-7);
            }
        }

        Assert.True(tried > 100);
    }

    [Fact]
    public void Pymatgen_and_ase_read_our_cif()
    {
        SystemPython.SkipUnlessThere("ase", "pymatgen.io.cif");
        using var folder = new ScratchFolder();
        string path = folder.PathTo("ours.cif");
        Structure s = RandomStructures.Any(new Random(3), atoms: 6, kind: CoordinateKind.Fractional, name: "two words");
        using (FileStream stream = File.Create(path))
        {
            CifWriter.Write(stream, s);
        }

        JsonElement result = SystemPython.Run("""
            from pymatgen.io.cif import CifParser
            from ase.io import read
            p = CifParser(data).get_structures(primitive=False)[0]
            a = read(data)
            result = [dict(symbols=[x.specie.symbol for x in p], fractional=p.frac_coords.tolist(), volume=p.volume), dict(symbols=a.get_chemical_symbols(), fractional=a.get_scaled_positions().tolist(), volume=a.get_volume())]
            """, path);
        Structure ours = Assert.Single(CifReader.Read(File.ReadAllBytes(path), path));
        foreach (JsonElement theirs in result.EnumerateArray())
        {
            AssertSameAtoms(ours, theirs);
            Assert.Equal(s.Volume!.Value, theirs.GetProperty("volume").GetDouble(), 1e-6);
        }
    }

    [Fact]
    public void A_cut_or_damaged_file_gives_no_other_error_than_ours()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            using var stream = new MemoryStream();
            CifWriter.Write(stream, RandomStructures.Any(random, name: "x"));
            byte[] bytes = stream.ToArray();
            for (int k = 0; k < 10; k++)
            {
                byte[] damaged = k % 2 == 0 ? bytes[..random.Next(bytes.Length)] : [.. bytes];
                if (k % 2 == 1)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                }

                try
                {
                    CifReader.Read(damaged, "a.cif", new() { Report = _ => { } });
                }
                catch (AtomProNetException e)
                {
                    Assert.Equal("a.cif", e.File);
                }
            }
        }
    }

    private static void AssertSameAtoms(Structure ours, JsonElement theirs)
    {
        string[] symbols = [.. theirs.GetProperty("symbols").EnumerateArray().Select(e => e.GetString()!)];
        double[] f = Numbers(theirs.GetProperty("fractional"));
        Assert.Equal(symbols.Length, ours.AtomCount);
        var found = new HashSet<int>();
        for (int i = 0; i < symbols.Length; i++)
        {
            var position = new Vector3D(f[3 * i], f[3 * i + 1], f[3 * i + 2]);
            int partner = Enumerable.Range(0, ours.AtomCount).First(j =>
            {
                Vector3D d = ours.FractionalPositions[j] - position;
                d = new(d.X - Math.Round(d.X), d.Y - Math.Round(d.Y), d.Z - Math.Round(d.Z));
                return d.Length < 1e-7 && ours.Species[j].Symbol == symbols[i];
            });
            Assert.True(found.Add(partner));
        }
    }

    private static double[] Numbers(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? [.. element.EnumerateArray().SelectMany(Numbers)]
        : [element.GetDouble()];
}
