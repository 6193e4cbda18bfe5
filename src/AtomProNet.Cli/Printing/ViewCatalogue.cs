using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AtomProNet.PS.Hosting;

namespace AtomProNet.Cli.Printing;

/// <summary>One column of a table.</summary>
/// <param name="Label">The heading.</param>
/// <param name="Text">What an object shows there.</param>
/// <param name="IsRightAligned">True for numbers.</param>
/// <param name="KeepsEnd">True where the end says more than the beginning, as in a path.</param>
internal sealed record ViewColumn(string Label, Func<object, string> Text, bool IsRightAligned, bool KeepsEnd = false);

/// <summary>
/// The columns that a type is shown with. They come from the module's own format files, so that both hosts show the same; of
/// PowerShell's script blocks it reads the two forms that the files use: <c>$_.Property.Property</c> and
/// <c>[AtomProNet.PS.Hosting.ViewText]::Method($_.Property, 3)</c>.
/// </summary>
internal sealed partial class ViewCatalogue
{
    // As they stand in the files: a call shows objects of one or two of the types.
    private readonly Dictionary<string, XElement> _tables;
    private readonly ConcurrentDictionary<Type, IReadOnlyList<ViewColumn>> _columns = new();

    private ViewCatalogue(Dictionary<string, XElement> tables) => _tables = tables;

    /// <summary>Reads format files.</summary>
    public static ViewCatalogue Read(IEnumerable<Stream> formatFiles)
    {
        Dictionary<string, XElement> tables = new(StringComparer.Ordinal);
        foreach (var view in formatFiles.SelectMany(file => XDocument.Load(file).Descendants("View")))
        {
            if (view.Element("TableControl") is { } table)
            {
                foreach (var type in view.Descendants("ViewSelectedBy").Elements("TypeName"))
                {
                    tables.TryAdd(type.Value.Trim(), table);
                }
            }
        }

        return new ViewCatalogue(tables);
    }

    /// <summary>The module's own views.</summary>
    public static ViewCatalogue ReadOwn()
    {
        var assembly = typeof(ViewCatalogue).Assembly;
        return Read(assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".format.ps1xml", StringComparison.Ordinal))
            .Select(name => assembly.GetManifestResourceStream(name)!));
    }

    /// <summary>The columns of a type, its base types' where it has none of its own.</summary>
    public IReadOnlyList<ViewColumn> For(Type type) => _columns.GetOrAdd(type, Find);

    /// <summary>Reads a script block of the two known forms.</summary>
    /// <exception cref="FormatException">It is of another form.</exception>
    public static Func<object, string> Compile(string script)
    {
        script = script.Trim();
        if (PropertyPath().Match(script) is { Success: true } path)
        {
            var names = path.Groups["path"].Value.Split('.', StringSplitOptions.RemoveEmptyEntries);
            return value => TextPrinter.Show(Follow(value, names));
        }

        if (MethodCall().Match(script) is { Success: true } call)
        {
            var names = call.Groups["path"].Value.Split('.', StringSplitOptions.RemoveEmptyEntries);
            object?[] rest = call.Groups["digits"].Success ? [int.Parse(call.Groups["digits"].Value, CultureInfo.InvariantCulture)] : [];
            var method = typeof(ViewText).GetMethod(call.Groups["method"].Value, [typeof(object), .. rest.Select(_ => typeof(int))])
                ?? throw new FormatException($"ViewText has no such method: {script}");
            return value => (string)method.Invoke(null, [Follow(value, names), .. rest])!;
        }

        throw new FormatException($"The column's script is of no form that both hosts know: {script}");
    }

    private static List<ViewColumn> ReadTable(XElement table)
    {
        var headers = table.Element("TableHeaders")?.Elements("TableColumnHeader").ToList() ?? [];
        var items = table.Descendants("TableColumnItem").ToList();
        List<ViewColumn> columns = [];
        for (var i = 0; i < items.Count; i++)
        {
            var property = items[i].Element("PropertyName")?.Value.Trim();
            var header = i < headers.Count ? headers[i] : null;
            var label = header?.Element("Label")?.Value ?? property ?? "";
            var alignment = items[i].Element("Alignment")?.Value ?? header?.Element("Alignment")?.Value;
            columns.Add(new ViewColumn(
                label,
                Compile(property is null ? items[i].Element("ScriptBlock")?.Value ?? "" : "$_." + property),
                string.Equals(alignment, "Right", StringComparison.OrdinalIgnoreCase),
                KeepsEnd: property is "Path" or "Source" || label is "Path" or "Source"));
        }

        return columns;
    }

    private static object? Follow(object? value, string[] names)
    {
        foreach (var name in names)
        {
            value = value?.GetType().GetProperty(name, BindingFlags.Instance | BindingFlags.Public)?.GetValue(value);
        }

        return value;
    }

    private IReadOnlyList<ViewColumn> Find(Type type)
    {
        for (var known = type; known is not null && known != typeof(object); known = known.BaseType)
        {
            if (_tables.TryGetValue(known.FullName ?? "", out var table))
            {
                return ReadTable(table);
            }
        }

        return [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0 && TextPrinter.IsSimple(property.PropertyType))
            .Select(property => new ViewColumn(property.Name, value => TextPrinter.Show(property.GetValue(value)), IsNumber(property.PropertyType), property.Name == "Path"))];
    }

    private static bool IsNumber(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;
    }

    [GeneratedRegex(@"^\$_(?<path>(\.\w+)+)$")]
    private static partial Regex PropertyPath();

    [GeneratedRegex(@"^\[AtomProNet\.PS\.Hosting\.ViewText\]::(?<method>\w+)\(\$_(?<path>(\.\w+)*)(,\s*(?<digits>\d+))?\)$")]
    private static partial Regex MethodCall();
}
