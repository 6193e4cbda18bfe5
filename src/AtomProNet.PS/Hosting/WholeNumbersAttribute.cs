using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace AtomProNet.PS.Hosting;

/// <summary>Refuses numbers that are not whole. The shell rounds them for a parameter of whole numbers, 2.5 to 2 and 1.5 to 2, and a supercell, a mesh or a plane nobody asked for would be made.</summary>
internal sealed class WholeNumbersAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        Look(inputData);
        return inputData;
    }

    private static void Look(object? value)
    {
        switch (value is PSObject wrapped ? wrapped.BaseObject : value)
        {
            case string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number):
                Look(number);
                break;
            case (double or float or decimal) and var real:
                double given = Convert.ToDouble(real, CultureInfo.InvariantCulture);
                if (given != Math.Floor(given))
                {
                    throw new ArgumentTransformationMetadataException(string.Create(CultureInfo.InvariantCulture, $"Whole numbers are wanted here, and they are not rounded. Found: '{given}'. Give it such as 2."));
                }

                break;
            case IEnumerable list and not string:
                foreach (object? element in list)
                {
                    Look(element);
                }

                break;
            default:
                break;
        }
    }
}
