using System.Collections;
using System.Globalization;

namespace AtomProNet.Datasets.Training;

/// <summary>
/// A part of a configuration: names and values in their order. A value is a text, a number (long or double), a truth value, null, a list of values, or another
/// part. YAML and JSON are written from the same map, and the names are held against the framework's list before.
/// </summary>
internal sealed class ConfigurationMap : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> entries = [];

    public object? this[string key]
    {
        get => entries.FirstOrDefault(e => e.Key == key).Value;
        set => Add(key, value);
    }

    /// <summary>Adds an entry; for collection initializers.</summary>
    public void Add(string key, object? value)
    {
        if (Has(key))
        {
            throw new ArgumentException($"'{key}' stands twice.", nameof(key));
        }

        entries.Add(new(key, value));
    }

    /// <summary>Adds an entry where there is something to say.</summary>
    public void AddIf(bool condition, string key, object? value)
    {
        if (condition)
        {
            Add(key, value);
        }
    }

    public bool Has(string key) => entries.Exists(e => e.Key == key);

    /// <summary>Sets a value by its path (<c>training_module.optimizer.lr</c>, entries of lists by their number from 0); parts on the way are made where they are missing.</summary>
    /// <exception cref="AtomProNetException">The path leads through something that has no entries.</exception>
    public void Set(string path, object? value)
    {
        string[] names = path.Split('.');
        object? at = this;
        for (int i = 0; i < names.Length - 1; i++)
        {
            at = at switch
            {
                ConfigurationMap map => map.Has(names[i]) ? map[names[i]] : map.Replace(names[i], new ConfigurationMap()),
                List<object?> list when int.TryParse(names[i], NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Count => list[index],
                _ => throw NoWay(path, names[i]),
            };
        }

        if (at is not ConfigurationMap owner)
        {
            throw NoWay(path, names[^1]);
        }

        owner.Replace(names[^1], value);
    }

    /// <summary>The value at a path of names, null where there is none.</summary>
    public object? Find(string path) => path.Split('.').Aggregate((object?)this, (at, name) => (at as ConfigurationMap)?[name]);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static AtomProNetException NoWay(string path, string name) =>
        new(ErrorKind.InvalidArgument, "ConfigurationPathWrong", $"The setting '{path}' leads to '{name}', which is not a part of the configuration that could hold it.", value: path, remedy: "Look at the written file for its parts; entries of a list are named by their number from 0.");

    private object? Replace(string key, object? value)
    {
        int at = entries.FindIndex(e => e.Key == key);
        if (at < 0)
        {
            entries.Add(new(key, value));
        }
        else
        {
            entries[at] = new(key, value);
        }

        return value;
    }
}
