using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using AtomProNet.Databases.Bundled;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Databases;

/// <summary>docs/bundled-structures.md is made from the data; ATOMPRONET_WRITE_DOCS=1 writes it anew.</summary>
public class BundledStructuresPageTests
{
    [Fact]
    public void The_page_lists_what_is_there()
    {
        string file = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs", "bundled-structures.md");
        Assert.SkipUnless(Directory.Exists(Path.GetDirectoryName(file)), "The sources are not beside this build.");
        string page = Page();
        if (Environment.GetEnvironmentVariable("ATOMPRONET_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, page);
        }

        Assert.Equal(page, File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static string Page()
    {
        var page = new StringBuilder(
            """
            # The bundled structures

            `Get-MPStructure` takes these crystals where there is no API key, or where `-Source Bundled` asks for them. They are built from
            published lattice constants and Wyckoff positions, expanded by the operations of their space group. They are measured, most of
            them at room temperature, and stand in their conventional cells; they are no data of the Materials Project, and their
            provenance says so (operation `Bundled`, root `bundled:<id>`, with the citation).

            Differences from entries of the Materials Project: the cell is the conventional one (so `-SiteCountMinimum` and
            `-SiteCountMaximum` count its sites), and there are no energies. `-Stable` keeps the phases marked *ambient*, which the
            literature gives as the stable ones at room temperature and 1 bar; filters by energy above the hull or band gap are refused.

            Lengths are in Å, angles in degrees (those that the crystal system fixes are left out), temperatures in K.

            | id | name | space group | cell | sites (Wyckoff position: coordinates) | T | phase | source |
            |---|---|---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (BundledCrystal c in BundledCrystals.All)
        {
            string sites = string.Join("; ", c.Sites.Select(s => $"{s.Element} {s.Wyckoff}: {Coordinate(s.Position.X)} {Coordinate(s.Position.Y)} {Coordinate(s.Position.Z)}"));
            string source = c.Citation + (c.Doi is null ? "" : $", [doi:{c.Doi}](https://doi.org/{c.Doi})") + (c.Note is null ? "" : $". *{c.Note}*");
            page.Append(CultureInfo.InvariantCulture, $"| {c.Id} | {c.Name} | {c.SpaceGroupSymbol.Replace("_", "\\_", StringComparison.Ordinal)} ({c.SpaceGroupNumber}) | {Cell(c)} | {sites} | {c.Temperature?.ToString(CultureInfo.InvariantCulture)} | {Words(c.Phase)} | {source} |\n");
        }

        return page.ToString();
    }

    private static string Cell(BundledCrystal c)
    {
        Vector3D l = c.Lattice.Lengths, g = c.Lattice.Angles;
        var parts = new List<string> { "a " + Length(l.X) };
        if (Math.Abs(l.Y - l.X) > 1e-9)
        {
            parts.Add("b " + Length(l.Y));
        }

        if (Math.Abs(l.Z - l.X) > 1e-9)
        {
            parts.Add("c " + Length(l.Z));
        }

        if (Math.Abs(g.Y - 90) > 1e-9)
        {
            parts.Add("β " + Length(g.Y));
        }

        return string.Join(", ", parts);
    }

    private static string Length(double value) => Math.Round(value, 6).ToString(CultureInfo.InvariantCulture);

    private static string Coordinate(double value)
    {
        foreach (int n in (int[])[2, 3, 4])
        {
            double k = Math.Round(value * n);
            if (k != 0 && k != n && Math.Abs(value * n - k) < 1e-9)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{k}/{n}");
            }
        }

        return value.ToString(CultureInfo.InvariantCulture);
    }

    private static string Words(CrystalPhase phase) => phase switch
    {
        CrystalPhase.HighTemperature => "high temperature",
        CrystalPhase.HighPressure => "high pressure",
        _ => phase.ToString().ToLowerInvariant(),
    };
}
