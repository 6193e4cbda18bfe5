using AtomProNet.Cli;
using AtomProNet.Formats.Poscar;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Formats;

public sealed class StructureCmdletTests : IDisposable
{
    private const string Poscar = "rock salt\n1.0\n4 0 0\n0 4 0\n0 0 4\nNa Cl\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n";
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Imports_files_wildcards_and_folders()
    {
        folder.Write("POSCAR", Poscar);
        folder.Write("b/CONTCAR", Poscar);
        folder.Write("b/notes.txt", "x");
        folder.Write("c.xyz", "1\n\nH 0 0 0\n1\n\nHe 0 0 0\n");
        Assert.Equal(["NaCl"], Formulas("Import-Structure POSCAR"));
        Assert.Equal(["H", "He"], Formulas("Import-Structure *.xyz"));
        Assert.Equal(["NaCl", "NaCl", "H", "He"], Formulas("Import-Structure ."));
        Assert.Equal(["NaCl", "NaCl"], Formulas("Import-Structure . -Format poscar"));
        Assert.Equal(["NaCl"], Formulas("Import-Structure -LiteralPath b"));
    }

    [Fact]
    public void One_bad_file_does_not_keep_the_others_from_going_on()
    {
        folder.Write("a.vasp", Poscar);
        folder.Write("b.vasp", "broken\n");
        folder.Write("c.vasp", Poscar);
        PipelineResult result = Run("Import-Structure *.vasp");
        Assert.Equal(2, result.Output.Count);
        Assert.StartsWith("PoscarTruncated", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Asks_for_species_and_format_where_they_are_not_told()
    {
        folder.Write("structure", Poscar.Replace("Na Cl\n", "", StringComparison.Ordinal));
        Assert.StartsWith("FormatNotTold", Assert.Single(Run("Import-Structure structure").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("PoscarSpeciesMissing", Assert.Single(Run("Import-Structure structure -Format Poscar").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["LiF"], Formulas("Import-Structure structure -Format Poscar -Species Li,F"));
        Assert.StartsWith("FormatUnknown", Assert.Single(Run("Import-Structure structure -Format pdb").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("ElementUnknown", Assert.Single(Run("Import-Structure structure -Species Xx").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("PathNotFound", Assert.Single(Run("Import-Structure nothing").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Warns_of_what_the_reader_noticed()
    {
        folder.Write("POSCAR", Poscar.Replace("4 0 0\n0 4 0\n", "0 4 0\n4 0 0\n", StringComparison.Ordinal));
        PipelineResult result = Run("Import-Structure POSCAR");
        Assert.Contains("negative", Assert.Single(result.Warnings));
    }

    [Fact]
    public void Exports_one_file_by_its_name()
    {
        folder.Write("POSCAR", Poscar);
        PipelineResult result = Run("Import-Structure POSCAR | Export-Structure out/x.cif -PassThru");
        Assert.Empty(result.Errors);
        Assert.Equal(folder.PathTo("out/x.cif"), ((FileInfo)Assert.Single(result.Output)!).FullName);
        Assert.Equal(["NaCl"], Formulas("Import-Structure out/x.cif"));
        Assert.StartsWith("FileExists", Assert.Single(Run("Import-Structure POSCAR | Export-Structure out/x.cif").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Run("Import-Structure POSCAR | Export-Structure out/x.cif -Force").Errors);
        Assert.Empty(Run("Import-Structure POSCAR | Export-Structure out/y -Format ExtendedXyz").Errors);
        Assert.Equal(["NaCl"], Formulas("Import-Structure out/y -Format ExtendedXyz"));
        Assert.StartsWith("FormatNotTold", Assert.Single(Run("Import-Structure POSCAR | Export-Structure out/z").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("PathIsFolder", Assert.Single(Run("Import-Structure POSCAR | Export-Structure out -Format Cif").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_structures_go_into_xyz_or_a_folder_but_not_into_one_poscar()
    {
        folder.Write("POSCAR", Poscar);
        Assert.Empty(Run("Import-Structure POSCAR | New-StrainSeries -Range 0.01 | Export-Structure series.xyz").Errors);
        Assert.Equal(3, Run("Import-Structure series.xyz").Output.Count);
        Assert.StartsWith("FormatHoldsOne", Assert.Single(Run("Import-Structure POSCAR | New-StrainSeries -Range 0.01 | Export-Structure many.vasp").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathTo("many.vasp")));
        PipelineResult result = Run("Import-Structure POSCAR | New-StrainSeries -Range 0.01 | Export-Structure -Destination many -PassThru");
        Assert.Equal(["strain_-0.0100.vasp", "strain_+0.0000.vasp", "strain_+0.0100.vasp"], result.Output.Select(f => ((FileInfo)f!).Name));
        Assert.Equal(4.04, PoscarReader.Read(File.ReadAllBytes(folder.PathTo("many/strain_+0.0100.vasp")), "x").Lattice!.Lengths.X, 1e-12);
    }

    [Fact]
    public void Structures_of_one_name_get_files_of_their_own()
    {
        folder.Write("POSCAR", Poscar);
        Assert.Equal(["rock_salt.vasp", "rock_salt_2.vasp"], Run("Import-Structure POSCAR,POSCAR | Export-Structure -Destination out -PassThru").Output.Select(f => ((FileInfo)f!).Name));
    }

    [Fact]
    public void What_if_writes_nothing_and_gives_nothing()
    {
        folder.Write("POSCAR", Poscar);
        Assert.Empty(Run("Import-Structure POSCAR | Export-Structure out/x.cif -PassThru -WhatIf").Output);
        Assert.Empty(Run("Import-Structure POSCAR | Export-Structure -Destination out -PassThru -WhatIf").Output);
        Assert.False(Directory.Exists(folder.PathTo("out")));
    }

    [Fact]
    public void Says_what_the_format_does_not_hold()
    {
        folder.Write("slab.xyz", "1\nLattice=\"4 0 0 0 4 0 0 0 20\" Properties=species:S:1:pos:R:3:tag:I:1 pbc=\"T T F\"\nH 0 0 0 1\n");
        PipelineResult result = Run("Import-Structure slab.xyz | Export-Structure slab.vasp");
        Assert.Empty(result.Errors);
        Assert.Equal(2, result.Warnings.Count);
        Assert.True(File.Exists(folder.PathTo("slab.vasp")));
    }

    private string[] Formulas(string pipeline)
    {
        PipelineResult result = Run(pipeline);
        Assert.Empty(result.Errors);
        return [.. result.Output.Select(o => ((Structure)o!).ReducedFormula)];
    }

    private PipelineResult Run(string pipeline) => PipelineHost.Run(pipeline, folder.FullName);
}
