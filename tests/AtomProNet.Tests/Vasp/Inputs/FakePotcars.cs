using System.IO.Compression;
using System.Text;

namespace AtomProNet.Tests.Vasp.Inputs;

/// <summary>Tiny files that look like VASP's potentials where this project looks at them. The real ones are licensed.</summary>
internal static class FakePotcars
{
    public static string Text(string title, double enmax, string? valence = null, string exchange = "PE")
    {
        string symbol = valence ?? title.Split(' ')[1].Split('_', '.', '/')[0];
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"""
              {title}
               3.00000000000000000
             parameters from PSCTR are:
               VRHFIN ={symbol}: s2p1
               LEXCH  = {exchange}
               EATOM  =    53.6910 eV,    3.9462 Ry

               TITEL  = {title}
               LULTRA =        F    use ultrasoft PP ?
               POMASS =   26.982; ZVAL   =    3.000    mass and valenz
               ENMAX  =  {enmax:F3}; ENMIN  =  {enmax * 0.75:F3} eV
             local part
               98.2653604144731
             End of Dataset

            """).ReplaceLineEndings("\n");
    }

    public static string Library(string folder, params (string File, string Title, double Enmax)[] files)
    {
        foreach ((string file, string title, double enmax) in files)
        {
            string path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            byte[] bytes = Encoding.ASCII.GetBytes(Text(title, enmax));
            if (file.EndsWith(".gz", StringComparison.Ordinal))
            {
                using var zip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
                zip.Write(bytes);
            }
            else
            {
                File.WriteAllBytes(path, bytes);
            }
        }

        return folder;
    }
}
