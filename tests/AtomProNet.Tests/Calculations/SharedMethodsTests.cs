using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Structures;

namespace AtomProNet.Tests.Calculations;

public class SharedMethodsTests
{
    private static DftMethod New() => new()
    {
        Code = "VASP", Version = "6.3.0", Functional = "PBE", Dispersion = "D3", CutoffEnergy = 520, DensityCutoffEnergy = 645, Precision = "Accurate", Smearing = "Gaussian", SmearingWidth = 0.05,
        AsphericalCorrections = true, SpinPolarised = false, KPointMesh = "4x4x4", ElectronicTolerance = 1e-6, CoreCount = 64,
        Potentials = ImmutableSortedDictionary<string, string>.Empty.Add("Al", "PAW_PBE Al 04Jan2001"), HubbardU = ImmutableSortedDictionary<string, double>.Empty.Add("Ti", 3),
    };

    /// <summary>Whatever one setting differs in, the object is another one: each property of the method is changed in turn.</summary>
    [Fact]
    public void Equal_methods_are_one_object_and_others_are_not()
    {
        DftMethod first = SharedMethods.Of(New());
        Assert.Same(first, SharedMethods.Of(New()));
        int changed = 0;
        foreach (var property in typeof(DftMethod).GetProperties().Where(p => p.SetMethod is not null))
        {
            DftMethod other = New();
            property.SetValue(other, property.GetValue(other) switch
            {
                string text => text + "x",
                double number => Math.BitIncrement(number),
                bool truth => !truth,
                int count => count + 1,
                ImmutableSortedDictionary<string, string> potentials => potentials.Add("O", "PAW_PBE O 08Apr2002"),
                ImmutableSortedDictionary<string, double> values => values.SetItem("Ti", 4),
                var value => throw new InvalidOperationException($"{property.Name} holds {value}"),
            });
            Assert.NotSame(first, SharedMethods.Of(other));
            changed++;
        }

        Assert.Equal(16, changed);
    }
}
