using System.Collections.Concurrent;
using System.Reflection;

namespace System.Management.Automation;

/// <summary>An object as the pipeline sees it: itself and its public properties.</summary>
public sealed class PSObject
{
    public PSObject(object obj)
    {
        BaseObject = obj ?? throw new ArgumentNullException(nameof(obj));
        Properties = new PSPropertyCollection(obj);
    }

    public object BaseObject { get; }

    public PSPropertyCollection Properties { get; }

    public static PSObject AsPSObject(object obj) => obj as PSObject ?? new PSObject(obj);

    public override string? ToString() => BaseObject.ToString();

    /// <summary>The object itself, where it is wrapped.</summary>
    internal static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}

/// <summary>An object's public properties by name, in any case.</summary>
public sealed class PSPropertyCollection
{
    // The pipeline asks each of thousands of objects of one type for the same few.
    private static readonly ConcurrentDictionary<(Type, string), PropertyInfo?> Known = new();
    private readonly object _object;

    internal PSPropertyCollection(object obj) => _object = obj;

    public PSPropertyInfo? this[string name]
    {
        get
        {
            return Known.GetOrAdd((_object.GetType(), name), Find) is { } property ? new PSPropertyInfo(property.Name, () => property.GetValue(_object)) : null;
        }
    }

    private static PropertyInfo? Find((Type Type, string Name) wanted) =>
        wanted.Type.GetProperty(wanted.Name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase) is { CanRead: true } property && property.GetIndexParameters().Length == 0 ? property : null;
}

/// <summary>One property.</summary>
public sealed class PSPropertyInfo
{
    private readonly Func<object?> _value;

    internal PSPropertyInfo(string name, Func<object?> value)
    {
        Name = name;
        _value = value;
    }

    public string Name { get; }

    public object? Value => _value();
}
