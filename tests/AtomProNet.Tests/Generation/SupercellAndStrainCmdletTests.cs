using AtomProNet.Cli;
using AtomProNet.Structures;
using static AtomProNet.Tests.Generation.SampleCrystals;

namespace AtomProNet.Tests.Generation;

public sealed class SupercellAndStrainCmdletTests
{
    [Theory]
    [InlineData("New-StrainSeries -Range 0.1", 21, "strain_-0.1000")]
    [InlineData("New-StrainSeries 0.1", 21, "strain_-0.1000")]
    [InlineData("New-StrainSeries", 21, "strain_-0.1000")]
    [InlineData("New-StrainSeries -Range 0.1 -Step 0.0001", 2001, "strain_-0.1000")]
    [InlineData("New-StrainSeries -Range 1e-4 -Step 5e-5", 5, "strain_-0.00010")]
    [InlineData("New-StrainSeries -From -0.02 -To 0.05", 8, "strain_-0.0200")]
    [InlineData("New-StrainSeries -Range 0.02 -Mode Uniaxial,Shear", 25, "strain_xx-0.0200")]
    [InlineData("New-StrainSeries -Range 0.02 -Mode uniaxial -Axis z", 5, "strain_zz-0.0200")]
    [InlineData("New-StrainSeries -Range 0.01 -Mode Biaxial -Plane XY,YZ", 5, "strain_xx-0.0100_yy-0.0100")]
    [InlineData("New-StrainSeries -Range 0.02 -Mode Volumetric", 125, "strain_xx-0.0200_yy-0.0200_zz-0.0200")]
    [InlineData("New-StrainSeries -Mode Elastic", 25, "strain_xx-0.0100")]
    [InlineData("New-StrainSeries -Mode Elastic -Step 0.01", 13, "strain_xx-0.0100")]
    [InlineData("New-StrainSeries -Mode Hydrostatic -Step 0.05", 5, "strain_-0.1000")]
    [InlineData("New-StrainSeries -VoigtStrain 0.01,0,0,0,0,0.02", 1, "strain_xx+0.0100_xy+0.0200")]
    [InlineData("New-StrainSeries -VoigtStrain (0.01,0,0,0,0,0),(0,0,0,0.02,0,0)", 2, "strain_xx+0.0100")]
    [InlineData("New-Supercell 2,2,1", 1, "supercell_2x2x1")]
    [InlineData("New-Supercell -Size 2", 1, "supercell_2x2x2")]
    [InlineData("New-Supercell 2x1x3", 1, "supercell_2x1x3")]
    [InlineData("New-Supercell '2 1 3'", 1, "supercell_2x1x3")]
    [InlineData("New-Supercell -Matrix (1,-1,0),(1,1,0),(0,0,1)", 1, "supercell_1.-1.0_1.1.0_0.0.1")]
    [InlineData("New-Supercell -Matrix 1,-1,0,1,1,0,0,0,1", 1, "supercell_1.-1.0_1.1.0_0.0.1")]
    [InlineData("New-Supercell 2,1,1 | New-StrainSeries -Range 0.01", 3, "strain_-0.0100")]
    public void Pipelines(string pipeline, int count, string first)
    {
        PipelineResult result = Run(pipeline, RockSalt);

        Assert.Empty(result.Errors);
        Assert.Equal(count, result.Output.Count);
        Assert.Equal(first, ((Structure)result.Output[0]!).Name);
    }

    [Theory]
    [InlineData("New-StrainSeries -Range 0.1 -Step 0.03", "StrainStepMismatch")]
    [InlineData("New-StrainSeries -Range 1.5 -Step 0.5", "StrainTooLarge")]
    [InlineData("New-StrainSeries -VoigtStrain 0.01,0,0", "VoigtStrainInvalid")]
    [InlineData("New-StrainSeries -VoigtStrain (0.01,0,0,0,0,0),(0.01,0,0,0,0,0)", "VoigtStrainRepeated")]
    [InlineData("New-StrainSeries -Axis X", "StrainParameterUnused")]
    [InlineData("New-StrainSeries -Mode Volumetric -Plane XY", "StrainParameterUnused")]
    [InlineData("New-Supercell -Size 2,2", "SupercellSizeInvalid")]
    [InlineData("New-Supercell -Matrix (1,1,0),(1,-1,0),(0,0,1)", "SupercellLeftHanded")]
    [InlineData("New-Supercell -Matrix (1,1,0),(1,1,0),(0,0,1)", "SupercellMatrixSingular")]
    [InlineData("New-Supercell -Matrix (1,1),(1,-1),(0,0)", "SupercellMatrixInvalid")]
    public void Wrong_arguments_are_told_by_id(string pipeline, string id)
    {
        PipelineResult result = Run(pipeline, RockSalt);

        Assert.Empty(result.Output);
        Assert.StartsWith(id, Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void One_bad_item_does_not_keep_the_others_from_going_on()
    {
        Structure molecule = new(null, [Element.FromSymbol("H")], [Vector3D.Zero], CoordinateKind.Cartesian);

        PipelineResult strained = Run("New-StrainSeries -Range 0.01", RockSalt, molecule, Rutile);
        PipelineResult repeated = Run("New-Supercell 2", molecule, Rutile);

        Assert.Equal(6, strained.Output.Count);
        Assert.Same(molecule, Assert.Single(strained.Errors).TargetObject);
        Assert.Equal(48, ((Structure)Assert.Single(repeated.Output)!).AtomCount);
        Assert.Single(repeated.Errors);
    }

    [Fact]
    public void A_frame_gives_its_structure() => Assert.Equal(3, Run("New-StrainSeries -Range 0.01", new Frame(Rutile)).Output.Count);

    private static PipelineResult Run(string pipeline, params object[] input) =>
        PipelineHost.Run(pipeline, Path.GetTempPath(), new PipelineOptions { Input = input });
}
