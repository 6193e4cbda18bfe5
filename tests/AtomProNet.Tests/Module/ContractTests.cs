using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text.Json;
using AtomProNet.Cli;
using AtomProNet.Tests.Cli;

namespace AtomProNet.Tests.Module;

/// <summary>
/// One set of cmdlets, two hosts: the same pipelines run in PowerShell and in the launcher's host, and give the same objects,
/// warnings, errors and ids. Skipped where there is no PowerShell.
/// </summary>
[Collection(PowerShellCollection.Name)]
public sealed class ContractTests(PowerShellModule module)
{
    /// <summary>Errors of the parameter binder: the ids are PowerShell's, the words are the host's own.</summary>
    private static readonly HashSet<string> OwnWords =
    [
        "NamedParameterNotFound", "AmbiguousParameter", "MissingArgument", "ParameterAlreadyBound", "PositionalParameterNotFound",
        "AmbiguousParameterSet", "MissingMandatoryParameter", "CannotConvertArgumentNoMessage", "CannotConvertArgument", "ParameterArgumentValidationError",
        "ParameterArgumentValidationErrorNullNotAllowed", "ParameterArgumentValidationErrorEmptyStringNotAllowed",
        "ParameterArgumentValidationErrorEmptyArrayNotAllowed", "ParameterArgumentTransformationError", "InputObjectNotBound",
        "InputObjectMissingMandatory", "CommandNotFoundException", "ActionPreferenceStop",
    ];

    /// <summary>Pipelines of the tests' own cmdlets: how text is read, bound and run.</summary>
    private static readonly string[] OfTheHost =
    [
        "Show-Fake hello 5 -Number 0.5 -LP x -Fla -colour green",
        "Show-Fake -Text hello 5",
        "Show-Fake",
        "Show-Fake -Flag:$true",
        "Show-Fake -Flag:$false -Truth $true",
        "Show-Fake -Flag abc",
        "Show-Fake 007",
        "Show-Fake -Text 1.50",
        "Show-Fake 4GB",
        "Show-Fake -5",
        "Show-Fake a$",
        "Show-Fake a#b",
        "Show-Fake a' b'c",
        "Show-Fake a` b",
        "Show-Fake 'it''s'",
        "Show-Fake \"a \"\"b\"\" `t\"",
        "Show-Fake -Text (0.25)",
        "Show-Fake -Text 1e3",
        "Show-Fake -Anything 5",
        "Show-Fake -Anything '5'",
        "Show-Fake -Anything 1e-5",
        "Show-Fake -Anything 3000000000",
        "Show-Fake -Anything 0x1F",
        "Show-Fake -Anything 1kb",
        "Show-Fake -Anything 1.5kb",
        "Show-Fake -Anything -.5",
        "Show-Fake -Anything five",
        "Show-Fake -Anything $true",
        "Show-Fake -Count 2.0",
        "Show-Fake -Count 1e3",
        "Show-Fake -Count '12'",
        "Show-Fake -Count (3)",
        "Show-Fake -Maybe 0.5 -Number -1",
        "Show-Fake -Numbers 1 -Texts a",
        "(Show-Fake -Numbers 0.1,2,3).Numbers",
        "(Show-Fake -Texts a,'b c',1.50,007).Texts",
        "(Show-Fake -Rows ((1,0,-1),(0,1,0))).Rows | ForEach-Object { $_ -join ' ' }",
        "(Show-Fake -Rows (1,0,-1),(0,1,0)).Rows | ForEach-Object { $_ -join ' ' }",
        "(Show-Fake -Rows @((1,0),(0,1))).Rows | ForEach-Object { $_ -join ' ' }",
        "(Show-Fake -Rows (,(1,2))).Rows | ForEach-Object { $_ -join ' ' }",
        "(Show-Fake -Things 1,a,'2',0.5).Things",
        "(Show-Fake -Things @(1;2)).Things",
        "(Show-Fake -Colours red,GREY).Colours",
        "Show-Fake -Colour 1",
        "Show-Fake -Time 02:30:00",
        "Show-Fake -Uri https://x.org/a",
        "Show-Fake -Fraction 1",
        "Show-Fake -Functional pbe",
        "Show-Fake -MaterialId mp-1",
        "Show-Fake -LongPath a -LongName b",
        "shfake a",
        "Show-Fake -Zzz",
        "Show-Fake -Long x",
        "Show-Fake -Count",
        "Show-Fake -Count -Number 1",
        "Show-Fake -Count 1 -Count 2",
        "Show-Fake a 1 b",
        "Show-Fake -Count abc",
        "Show-Fake -Count 3000000000",
        "Show-Fake -Count 1,2",
        "Show-Fake -Colour gren",
        "Show-Fake -Table 5",
        "Show-Fake -Truth true",
        "Show-Fake -Fraction 1.5",
        "Show-Fake -Functional HSE",
        "Show-Fake -Size 1,2",
        "Show-Fake -MaterialId mp-1,xx",
        "Show-Fake -NotEmpty ''",
        "New-FakeNumber",
        "New-FakeThing ''",
        "New-FakeThing @()",
        "New-FakeThing $null",
        "Select-Fake -A 1 -B 2",
        "Select-Fake -A 1 x y z",
        "Select-Fake -B 1 -C 2",
        "Import-Fake a,b",
        "Import-Fake -LiteralPath a",
        "Import-Fake -PSPath a",
        "Import-Fake -Number 5",
        "New-FakeNumber 3",
        "New-FakeNumber 3 -AsList",
        "New-FakeNumber 3 | Trace-Fake",
        "New-FakeThing a,bc",
        "New-FakeThing a,bc | Measure-FakeThing",
        "New-FakeThing a,bc | Measure-FakeThing -Title T",
        "New-FakeNumber 2 | Measure-FakeThing -Title T",
        "New-FakeThing a | Import-Fake",
        "New-FakeThing a | Trace-Fake | Import-Fake",
        "New-FakeNumber 2 | Import-Fake",
        "New-FakeThing a | Remove-Fake -Confirm:$false",
        "New-FakeNumber 3 | Test-FakeStream",
        "New-FakeNumber 3 | Test-FakeStream -FailAt 2",
        "New-FakeNumber 3 | Test-FakeStream -FailAt 2 -ErrorAction SilentlyContinue; New-FakeNumber 1",
        "New-FakeNumber 3 | Test-FakeStream -FailAt 2 -ErrorAction Ignore",
        "New-FakeNumber 3 | Test-FakeStream -FailAt 2 -ErrorAction Stop; New-FakeNumber 1",
        "New-FakeNumber 3 | Test-FakeStream -ThrowAt 2; New-FakeNumber 1",
        "New-FakeNumber 3 | Test-FakeStream -TerminateAt 2; New-FakeNumber 1",
        "Test-FakeStream -Verbose",
        "Test-FakeStream -WarningAction SilentlyContinue",
        "Test-FakeStream -WarningAction Stop",
        "New-FakeNumber 2 | Test-FakeStream -WhatIf",
        "Remove-Fake a -WhatIf",
        "Remove-Fake a -Confirm:$false",
        "New-FakeNumber 2; New-FakeNumber 1",
        "New-FakeNumber 2 |\n  Trace-Fake\nNew-FakeNumber 1",
        "Resolve-Fake *.xyz",
        "Resolve-Fake [ab].xyz",
        "Resolve-Fake RUN1*/OUTCAR",
        "Resolve-Fake 'c`[1`].xyz'",
        "Resolve-Fake nothing*",
        "Resolve-Fake run1\\OUTCAR",
        "Resolve-Fake ./run1/../a.xyz",
        "Resolve-Fake 'c[1].xyz' -Literal",
        "Resolve-Fake new/file -Literal",
        "Resolve-Fake missing.xyz",
    ];

    /// <summary>Pipelines of the module's own cmdlets. Each room adds some that need neither network nor a cluster.</summary>
    private static readonly string[] OfTheModule =
    [
        "New-StrainSeries -Rnage 1",
        "New-Supercell",
        "Get-MPStructure Al2O3 -Source Bundled",
        "Get-MPStructure Si,NaCl -Source Bundled | New-StrainSeries -Range 0.02",
        "Get-MPStructure Si -Source Bundled | New-StrainSeries -From -0.01 -To 0.02 -Step 0.005 -Mode Uniaxial",
        "Get-MPStructure Si -Source Bundled | New-StrainSeries -Range 0.105",
        "Get-MPStructure Si -Source Bundled | New-Supercell 2,1,1",
        "Get-MPStructure Si -Source Bundled | New-Supercell -Matrix ((0,1,1),(1,0,1),(1,1,0))",
        "Get-MPStructure Si -Source Bundled | New-Supercell 0",
        "Get-MPStructure Unobtainium -Source Bundled",
        "Get-MPStructure Si -Source Elsewhere",
        "Import-Outcar missing/OUTCAR",
        "Import-Outcar missing*",
        "Import-Outcar run1,missing,run10/OUTCAR",
        "Import-Outcar -LiteralPath 'c[1].xyz'",
        "Get-MPStructure Si -Source Bundled | New-RattleSeries 3 -StandardDeviation 0.02,0.05 -Seed 7",
        "Get-MPStructure Al2O3 -Source Bundled | New-PointDefect -Vacancy O,Al",
        "Get-MPStructure Si -Source Bundled | New-PointDefect -Substitution @{Si='Ge'}",
        "Get-MPStructure Cu -Source Bundled | New-SurfaceSlab 1,1,1 -Layers 3",
        "Get-MPStructure Cu -Source Bundled | New-SurfaceSlab 1,1",
        "Get-MPStructure Si -Source Bundled | Export-Structure -Path si.vasp",
        "Get-MPStructure Si -Source Bundled | Export-Structure -Path si.vasp",
        "Get-MPStructure Si -Source Bundled | Export-Structure -Path si.cif -WhatIf",
        "Import-Structure si.vasp",
        "Import-Structure si.vasp,none.vasp,a.xyz",
        "Get-MPStructure Al2O3 -Source Bundled | New-StrainSeries -Range 0.02 | New-VaspInput -Destination runs -Incar @{ENCUT=600; GGA='PE'}",
        "Get-MPStructure Al2O3 -Source Bundled | New-VaspInput -Destination runs",
        "Get-MPStructure Si -Source Bundled | New-StrainSeries -Range 0.01 | New-VaspInput -Destination other -WhatIf",
        "Get-MPStructure Si -Source Bundled | New-VaspInput -Destination bad -Incar @{ENCUTT=600}",
        "New-IsolatedAtom Al,O",
        "Import-Outcar al-strain",
        "Import-Outcar al-strain/*/OUTCAR -IonicStep Last",
        "Import-Outcar al-strain | Export-TrainingSet -Path set/al.extxyz -TrainFraction 0.8 -ValidationFraction 0.1 -TestFraction 0.1",
        "Import-Outcar al-strain | Export-TrainingSet -Path all.extxyz -KeyStyle Ase",
        "Import-TrainingSet all.extxyz",
        "Measure-MlipError -Reference all.extxyz -Prediction predictions.extxyz",
        "Measure-MlipError -Reference all.extxyz -Prediction a.xyz",
    ];

    [Fact]
    public async Task Both_hosts_give_the_same()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var manifest = await module.ManifestAsync(cancellation);
        var folder = Directory.CreateTempSubdirectory("atompronet-contract-").FullName;
        try
        {
            // Both work in one place, one after the other, since files may name it; what they write must be the same, too.
            var place = Path.Combine(folder, "work");
            string[] pipelines = [.. OfTheHost, .. OfTheModule];
            Prepare(place);
            var ours = pipelines.Select(pipeline => InOurHost(pipeline, place)).ToList();
            var ourFiles = Files(place);
            Directory.Delete(place, recursive: true);
            Prepare(place);
            var theirs = await InPowerShell(pipelines, manifest, folder, place, cancellation);
            Assert.Equal(pipelines.Length, theirs.Length);
            List<string> differences = [];
            for (var i = 0; i < pipelines.Length; i++)
            {
                if (Compare(ours[i], theirs[i]) is { } difference)
                {
                    differences.Add($"{pipelines[i]}\n{difference}");
                }
            }

            Assert.True(differences.Count == 0, string.Join("\n\n", differences));
            Assert.Equal(ourFiles, Files(place));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Prepare(string folder)
    {
        foreach (var file in new[] { "a.xyz", "b.xyz", "c[1].xyz", "run1/OUTCAR", "run10/OUTCAR" })
        {
            var path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }

        var samples = Repository.File("samples");
        foreach (var file in Directory.EnumerateFiles(samples, "*", SearchOption.AllDirectories))
        {
            var path = Path.Combine(folder, Path.GetRelativePath(samples, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }
    }

    /// <summary>Every file with its text.</summary>
    private static SortedDictionary<string, string> Files(string folder) =>
        new(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText), StringComparer.Ordinal);

    private static async Task<Outcome[]> InPowerShell(string[] pipelines, string manifest, string folder, string workingDirectory, CancellationToken cancellation)
    {
        var pipelineFile = Path.Combine(folder, "pipelines.json");
        var resultFile = Path.Combine(folder, "results.json");
        await File.WriteAllTextAsync(pipelineFile, JsonSerializer.Serialize(pipelines), cancellation);
        string[] arguments =
        [
            "-Module", manifest,
            "-TestModule", Path.Combine(Path.GetDirectoryName(typeof(ContractTests).Assembly.Location)!.Replace("AtomProNet.Tests", "ContractCmdlets", StringComparison.Ordinal), "AtomProNet.ContractCmdlets.dll"),
            "-PipelinePath", pipelineFile,
            "-ResultPath", resultFile,
            "-WorkingDirectory", workingDirectory,
        ];
        var (code, output) = await PowerShellModule.RunScriptAsync(Repository.File("tests", "AtomProNet.Tests", "Module", "Contract.ps1"), arguments, cancellation);
        Assert.True(code == 0 && File.Exists(resultFile), output);
        return JsonSerializer.Deserialize<Outcome[]>(await File.ReadAllTextAsync(resultFile, cancellation))!;
    }

    private static Outcome InOurHost(string pipeline, string folder)
    {
        // Members and script blocks look inside an object; here the object is looked into by the test itself.
        string? member = null;
        if (pipeline.StartsWith('('))
        {
            var end = pipeline.LastIndexOf(").", StringComparison.Ordinal);
            member = pipeline[(end + 2)..].Split(' ')[0];
            pipeline = pipeline[1..end];
        }

        var result = PipelineHost.Run(pipeline, folder, new PipelineOptions { Assemblies = [typeof(PipelineHost).Assembly, typeof(Fake).Assembly] });
        var output = member is null
            ? result.Output.Select(Describe)
            : result.Output.SelectMany(item => ((Array)item!.GetType().GetProperty(member)!.GetValue(item)!).Cast<object?>()).Select(item => Describe(item is Array row ? string.Join(' ', row.Cast<object>()) : item));
        return new Outcome([.. output], [.. result.Errors.Select(Describe)], [.. result.Warnings], [.. result.Verbose]);
    }

    private static string? Compare(Outcome ours, Outcome theirs)
    {
        List<string> differences = [];
        void Check(string what, IEnumerable<string> a, IEnumerable<string> b)
        {
            if (!a.SequenceEqual(b))
            {
                differences.Add($"  {what} here:       {string.Join(" | ", a)}\n  {what} PowerShell: {string.Join(" | ", b)}");
            }
        }

        Check("output", ours.Output, theirs.Output);
        // Files are read side by side, so that only the frames come in a certain order.
        Check("errors", ours.Errors.Select(Identity).Order(StringComparer.Ordinal), theirs.Errors.Select(Identity).Order(StringComparer.Ordinal));
        Check("warnings", ours.Warnings, theirs.Warnings);
        Check("verbose", ours.Verbose, theirs.Verbose);
        return differences.Count == 0 ? null : string.Join('\n', differences);
    }

    private static string Identity(ErrorOutcome error) =>
        OwnWords.Contains(error.Id.Split(',')[0]) ? error.Id : $"{error.Id} {error.Category} '{error.Message}' on '{error.Target}'";

    private static ErrorOutcome Describe(ErrorRecord error) =>
        new(error.FullyQualifiedErrorId, error.CategoryInfo.Category.ToString(), error.ToString(), error.TargetObject?.ToString() ?? "");

    /// <summary>A type and its simple properties, as Contract.ps1 writes them.</summary>
    private static string Describe(object? value)
    {
        if (value is null)
        {
            return "null";
        }

        var type = value.GetType();
        if (Plain(value) is { } plain)
        {
            return $"{type.Name} {plain}";
        }

        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.DeclaringType == type && property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike)
            .OrderBy(property => property.Name, StringComparer.InvariantCultureIgnoreCase)
            .Select(property => (property.Name, Text: Plain(property.GetValue(value))))
            .Where(property => property.Text is not null)
            .Select(property => $"{property.Name}={property.Text}");
        return $"{type.Name} {string.Join("; ", properties)}";
    }

    private static string? Plain(object? value) => value switch
    {
        null => "null",
        Uri uri => uri.OriginalString,
        double or float => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        string or bool => value.ToString(),
        _ => null,
    };

    private sealed record ErrorOutcome(string Id, string Category, string Message, string Target);

    private sealed record Outcome(string[] Output, ErrorOutcome[] Errors, string[] Warnings, string[] Verbose);
}
