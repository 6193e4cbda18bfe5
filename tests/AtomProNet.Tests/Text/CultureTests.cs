using System.Globalization;
using AtomProNet.Cli;

namespace AtomProNet.Tests.Text;

/// <summary>
/// Windows has the numbers, dates and letters of its user's country: a decimal comma, another minus (Swedish, Norwegian), other digits and
/// calendars (Persian, Thai), an i without a dot (Turkish). Whatever is read, computed and written is the same in all of them.
/// </summary>
public sealed class CultureTests
{
    private static readonly string[] Work =
    [
        "Get-MPStructure Al2O3 -Source Bundled | New-StrainSeries -Range 0.02 | New-VaspInput -Destination runs -Incar ENCUT=412.5,LREAL=Auto",
        "Get-MPStructure Si -Source Bundled | New-Supercell 2,1,1 | New-RattleSeries -StandardDeviation 0.05 -Count 2 -Seed 3 | Export-Structure -Path rattled.extxyz",
        "Import-Outcar {0} | Export-TrainingSet -Path al.extxyz -TrainFraction 0.8 -ValidationFraction 0.1 -TestFraction 0.1",
        "Import-Outcar {0} | Export-TrainingSet -Path al_all.extxyz -KeyStyle Ase",
        "Import-Outcar {0} | Export-TrainingSet -Path al.csv",
        "Measure-MlipError -Reference al_all.extxyz -Prediction {1}",
        "Import-Outcar {0} | Measure-EquationOfState",
        "Import-Structure rattled.extxyz",
        "Import-TrainingSet al_all.extxyz | Test-TrainingSet",
    ];

    [Theory]
    [InlineData("de-DE")]
    [InlineData("sv-SE")]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    [InlineData("th-TH")]
    public void Every_culture_reads_and_writes_the_same(string culture)
    {
        using var folder = new TemporaryFolder();
        string[] plain = Run(folder.Path("work"), CultureInfo.InvariantCulture), theirs = Run(folder.Path("work"), CultureInfo.GetCultureInfo(culture));
        Assert.True(plain.Length > 60, string.Join('\n', plain.Take(40)));
        Assert.Equal(plain, theirs);
    }

    /// <summary>What the cmdlets said and what lies in the folder afterwards.</summary>
    private static string[] Run(string place, CultureInfo culture)
    {
        (CultureInfo, CultureInfo) before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
            Directory.CreateDirectory(place);
            var all = new List<string>();
            foreach (string line in Work)
            {
                PipelineResult result = PipelineHost.Run(string.Format(CultureInfo.InvariantCulture, line, $"'{Repository.File("samples", "al-strain")}'", $"'{Repository.File("samples", "predictions.extxyz")}'"), place);
                Assert.True(result.Errors.Count == 0, $"{line}: {string.Join('\n', result.Errors)}");
                all.AddRange(result.Output.Select(o => o?.ToString() ?? ""));
                all.AddRange(result.Warnings);
            }

            foreach (string file in Directory.GetFiles(place, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                all.Add(Path.GetRelativePath(place, file));
                all.Add(File.ReadAllText(file));
            }

            Directory.Delete(place, recursive: true);
            return [.. all];
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
