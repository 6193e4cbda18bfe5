using System.Text;
using AtomProNet.Calculations;

namespace AtomProNet.Tests.Calculations;

public sealed class CalculationNameTests
{
    [Theory]
    [InlineData("strain_+0.0100", "strain_+0.0100")]
    [InlineData("strain_-0.0100", "strain_-0.0100")]
    [InlineData("bundled:Al2O3-corundum", "bundled_Al2O3-corundum")]
    [InlineData("a/b\\c", "a_b_c")]
    [InlineData("../../etc/passwd", "_._.._etc_passwd")]
    [InlineData("CON", "_CON")]
    [InlineData("con", "_con")]
    [InlineData("aux.txt", "_aux.txt")]
    [InlineData("COM1", "_COM1")]
    [InlineData("LPT0.x.y", "_LPT0.x.y")]
    [InlineData("CONTROL", "CONTROL")]
    [InlineData("Al2O3...", "Al2O3")]
    [InlineData("Al2O3. ", "Al2O3")]
    [InlineData(" Al ", "Al")]
    [InlineData("-rf", "_rf")]
    [InlineData(".hidden", "_hidden")]
    [InlineData("a b\tc\nd", "a_b_c_d")]
    [InlineData("$(id)`x`;y", "__id__x__y")]
    [InlineData("a:b*c?d\"e<f>g|h", "a_b_c_d_e_f_g_h")]
    [InlineData("Übergang", "Übergang")]
    [InlineData("U\u0308", "Ü")]
    public void Names_are_made_safe(string text, string expected) => Assert.Equal(expected, CalculationName.ToFolderName(text));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(" . . ")]
    [InlineData("///")]
    [InlineData("\ud800")]
    public void A_name_of_nothing_is_refused(string text) => Assert.Equal("NameNotUsable", Assert.Throws<AtomProNetException>(() => CalculationName.ToFolderName(text)).ErrorId);

    [Fact]
    public void Whatever_comes_in_a_plain_name_comes_out()
    {
        var random = new Random(3);
        const string Alphabet = "aZ09._+-=, /\\:*?\"<>|'$`;&()\t\n\0éÅ中😀\ud800CONcon";
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(0, i % 50 == 0 ? 300 : 12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            string name;
            try
            {
                name = CalculationName.ToFolderName(text);
            }
            catch (AtomProNetException)
            {
                continue;
            }

            Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, CalculationName.MaximumBytes);
            Assert.Equal(-1, name.IndexOfAny([.. "/\\:*?\"<>| '$`;&()\t\n\0"]));
            Assert.NotEqual('.', name[^1]);
            Assert.False(name[0] is '.' or '-');
            Assert.Equal(name, CalculationName.ToFolderName(name)); // nothing is left to mend
            Assert.Equal(name, Path.GetFileName(name));
        }
    }

    [Fact]
    public void Long_names_stay_different()
    {
        string a = CalculationName.ToFolderName(new string('x', 300) + "a"), b = CalculationName.ToFolderName(new string('x', 300) + "b");

        Assert.NotEqual(a, b);
        Assert.Equal(CalculationName.MaximumBytes, a.Length);
    }
}
