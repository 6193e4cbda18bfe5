using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Structures;
using AtomProNet.Tests.Generation;

namespace AtomProNet.Tests.Vasp.Inputs;

public sealed class NewIsolatedAtomTests : IDisposable
{
    private readonly string work = Directory.CreateTempSubdirectory("atoms").FullName;

    public void Dispose() => Directory.Delete(work, recursive: true);

    [Fact]
    public void Each_element_of_the_structures_is_made_once_and_computed_as_an_atom()
    {
        PipelineResult result = PipelineHost.Run("New-IsolatedAtom -BoxEdge 15 | New-VaspInput atoms -Preset MPStatic", work, new PipelineOptions { Input = [SampleCrystals.Corundum, SampleCrystals.Rutile] });

        Assert.Empty(result.Errors);
        DftInput[] inputs = [.. result.Output.Cast<DftInput>()];
        Assert.Equal(["atom_Al", "atom_O", "atom_Ti"], inputs.Select(i => i.Name));
        Assert.Equal(["1", "2", "2"], inputs.Select(i => i.Settings["MAGMOM"]));
        Assert.All(inputs, i => Assert.Equal("0 0 2 520", $"{i.Settings["ISMEAR"]} {i.Settings["ISYM"]} {i.Settings["ISPIN"]} {i.Settings["ENCUT"]}"));
        Assert.All(inputs, i => Assert.Equal([1, 1, 1], i.KPointMesh!.Value));
        Assert.All(inputs, i => Assert.Equal(new Vector3D(15, 16, 17), i.Structure.Lattice!.Lengths));
        Assert.All(inputs, i => Assert.Contains("${ATOMPRONET_LAUNCH-srun} vasp_gam", File.ReadAllText(Path.Combine(i.FolderPath, "job.sh")), StringComparison.Ordinal));
        Assert.Equal("IsolatedAtom", CalculationRecord.FromFolder(inputs[0].FolderPath)!.ConfigType);
    }

    [Fact]
    public void Elements_by_name_and_what_is_none()
    {
        PipelineResult result = PipelineHost.Run("New-IsolatedAtom Al,Xx,O", work);

        Assert.Equal(2, result.Output.Count);
        Assert.Equal("ElementUnknown", Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
    }
}
