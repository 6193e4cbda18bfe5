using System.Runtime.CompilerServices;
using AtomProNet.Calculations;
using AtomProNet.Cli;
using AtomProNet.Tests.Generation;

namespace AtomProNet.Tests.Vasp.Inputs;

/// <summary>Where the potentials are looked for when nobody says.</summary>
[Collection(ProcessEnvironment.Name)]
public sealed class PotcarEnvironmentTests : IDisposable
{
    private readonly string work = Directory.CreateTempSubdirectory("potcarenv").FullName;

    public void Dispose() => Directory.Delete(work, recursive: true);

    [Fact]
    public void The_library_of_the_environment_serves_where_none_is_given()
    {
        FakePotcars.Library(Path.Combine(work, "psp"), ("POT_GGA_PAW_PBE/POTCAR.Si.gz", "PAW_PBE Si 05Jan2001", 245.3));
        using var environment = new EnvironmentVariables();
        environment["PMG_VASP_PSP_DIR"] = Path.Combine(work, "psp");

        var input = (DftInput)Assert.Single(PipelineHost.Run("New-VaspInput runs -Preset MPStatic", work, new PipelineOptions { Input = [SampleCrystals.Silicon] }).Output)!;

        Assert.Equal("PAW_PBE Si 05Jan2001", Assert.Single(input.Method.Potentials).Title);
        Assert.Contains("POTCAR", input.Files);

        environment["PMG_VASP_PSP_DIR"] = Path.Combine(work, "gone");
        Assert.Equal("PotcarLibraryNotFound", Assert.Single(PipelineHost.Run("New-VaspInput others", work, new PipelineOptions { Input = [SampleCrystals.Silicon] }).Errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    /// <summary>A developer's own library must not find its way into the other tests.</summary>
    [ModuleInitializer]
    internal static void ForgetTheDevelopersLibrary() => Environment.SetEnvironmentVariable("PMG_VASP_PSP_DIR", null);
}
