using AtomProNet.Structures;

namespace AtomProNet.Tests.Structures;

public class DftMethodTextTests
{
    private static readonly DftMethod Method = new()
    {
        Code = "VASP",
        Version = "6.3.0",
        Functional = "PBE",
        CutoffEnergy = 520,
        Smearing = "MethfesselPaxton1",
        SmearingWidth = 0.026,
        AsphericalCorrections = false,
        KPointMesh = "4x4x4 Γ",
        CoreCount = 64,
        Potentials = new DftMethod { Code = "" }.Potentials.Add("Al", "PAW_PBE Al 04Jan2001").Add("O", "a;b%\"\\"),
        HubbardU = new DftMethod { Code = "" }.HubbardU.Add("Fe", 5.3),
    };

    [Fact]
    public void Is_a_line_that_people_can_read() => Assert.Equal(
        "code=VASP; version=6.3.0; functional=PBE; cutoff_ev=520; smearing=MethfesselPaxton1; smearing_width_ev=0.026; aspherical=false; k_points=4x4x4 Γ; cores=64; potential.Al=PAW_PBE Al 04Jan2001; potential.O=a%3Bb%25%22%5C; hubbard_u_ev.Fe=5.3",
        DftMethodText.Write(Method));

    [Fact]
    public void Reads_back_with_the_same_fingerprint()
    {
        DftMethod back = DftMethodText.Read(DftMethodText.Write(Method));
        Assert.Equal(Method, back);
        Assert.Equal(Method.Fingerprint, back.Fingerprint);
    }

    [Fact]
    public void Passes_over_settings_of_later_versions() => Assert.Equal("PBE", DftMethodText.Read("code=VASP; functional=PBE; van_der_moon=full").Functional);

    [Theory]
    [InlineData("code=")]
    [InlineData("functional=PBE")]
    [InlineData("code=VASP; cutoff_ev=many")]
    [InlineData("code=VASP; cutoff_ev=NaN")]
    [InlineData("code=VASP; aspherical=perhaps")]
    [InlineData("code=VASP; functional")]
    [InlineData("code=VASP; code=pw.x")]
    [InlineData("code=VASP;")]
    [InlineData("code=VASP; hubbard_u_ev.Fe=x")]
    [InlineData("code=VASP; cores=2.5")]
    public void Refuses_what_is_damaged(string text) => Assert.Equal("DftMethodDamaged", Assert.Throws<AtomProNetException>(() => DftMethodText.Read(text)).ErrorId);
}
