using System.Collections;
using System.Globalization;

namespace AtomProNet.Datasets.Training;

/// <summary>
/// The values of a configuration that the data beside it are written for: files, names of labels, the order of elements, the cutoff. A setting that makes
/// one of them another would be passed over without a word: MACE gives a label that is not there the weight 0, and a model with a larger cutoff than
/// NequIP's neighbour list sees no farther than the list.
/// </summary>
internal static class SettledValues
{
    private const string CutoffRemedy = "Give it as -CutoffRadius, which all that depends on it is written from.";
    private const string DataRemedy = "Leave this setting out; for other files name them (-TrainingSet, -ValidationSet, -TestSet).";

    /// <exception cref="AtomProNetException">One of the values is another one after the settings.</exception>
    public static void ThrowIfChanged(MlipFramework framework, ConfigurationMap planned, ConfigurationMap map)
    {
        foreach ((string path, string remedy) in Paths(framework))
        {
            if (planned.Find(path) is { } value && !AreEqual(value, map.Find(path)))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "SettingContradictsData", $"The data are written for '{path}' = {Shown(value)}: a setting cannot make it {Shown(map.Find(path))}.", remedy: remedy);
            }
        }
    }

    private static (string Path, string Remedy)[] Paths(MlipFramework framework) => framework switch
    {
        MlipFramework.Mace =>
        [
            ("r_max", CutoffRemedy),
            ("train_file", DataRemedy), ("valid_file", DataRemedy), ("test_file", DataRemedy),
            ("energy_key", DataRemedy), ("forces_key", DataRemedy), ("stress_key", DataRemedy),
        ],
        MlipFramework.DeepMD =>
        [
            ("model.descriptor.rcut", CutoffRemedy),
            ("model.type_map", DataRemedy),
            ("training.training_data.systems", DataRemedy), ("training.validation_data.systems", DataRemedy),
        ],
        _ =>
        [
            ("training_module.model.r_max", CutoffRemedy),
            ("training_module.model.type_names", DataRemedy),
            ("data.train_file_path", DataRemedy), ("data.val_file_path", DataRemedy), ("data.test_file_path", DataRemedy),
        ],
    };

    private static bool AreEqual(object? planned, object? found) => (planned, found) switch
    {
        (double or long or int, double or long or int) => Convert.ToDouble(planned, CultureInfo.InvariantCulture).Equals(Convert.ToDouble(found, CultureInfo.InvariantCulture)),
        (IEnumerable and not string, IEnumerable and not string) => ((IEnumerable)planned).Cast<object?>().SequenceEqual(((IEnumerable)found).Cast<object?>()),
        _ => Equals(planned, found),
    };

    private static string Shown(object? value) => value switch
    {
        null => "nothing",
        ConfigurationMap => "a table",
        IEnumerable list and not string => string.Join(", ", list.Cast<object?>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
