using System.Collections;
using System.Management.Automation;
using AtomProNet.Cli.Commands;

namespace AtomProNet.Cli.Binding;

/// <summary>
/// Gives each object of the pipeline to the parameters that take one, in PowerShell's order: the object as it is, then its
/// properties as they are, then the object converted, then its properties converted; each first in the default set.
/// </summary>
internal sealed class InputBinder
{
    private readonly CommandDescription _command;
    private readonly ParameterBinder _binder;
    private readonly List<ParameterDescription> _ofValue, _ofProperty;
    private readonly Dictionary<ParameterDescription, object?> _originals;
    private readonly List<ParameterDescription> _fromLast = [];
    // The type of the last object, and those who take a property that objects of this type have, with its name.
    private Type? _type;
    private List<ParameterDescription> _named = [];
    private Dictionary<ParameterDescription, string> _names = [];
    // The sets that were possible last, those of them that go first, and the others: mostly the same for object after object.
    private IReadOnlyList<string> _valid = [];
    private List<string> _first = [], _others = [];

    /// <summary>To be made after the arguments are bound: what they left free is the pipeline's.</summary>
    public InputBinder(CommandDescription command, ParameterBinder binder)
    {
        _command = command;
        _binder = binder;
        List<ParameterDescription> takers = [.. command.Parameters.Where(parameter => parameter.TakesPipelineInput && !binder.IsBound(parameter))];
        _ofValue = takers.FindAll(parameter => parameter.TakesPipelineValue);
        _ofProperty = takers.FindAll(parameter => parameter.TakesPipelineProperty);
        _originals = takers.ToDictionary(parameter => parameter, binder.ValueOf);
    }

    /// <summary>Binds one object.</summary>
    /// <exception cref="ParameterBindingException">No parameter takes it, or one refuses it; the next object may fit again.</exception>
    public void Bind(object? input)
    {
        Reset();
        if (PSObject.Unwrap(input)?.GetType() is var type && type != _type)
        {
            _type = type;
            _names = PropertyNames(input);
            _named = _ofProperty.FindAll(_names.ContainsKey);
        }

        try
        {
            var any = Try(input, byName: false, convert: false);
            any |= Try(input, byName: true, convert: false);
            any |= Try(input, byName: false, convert: true);
            any |= Try(input, byName: true, convert: true);
            if (!any)
            {
                throw ParameterBindingException.InvalidArgument("InputObjectNotBound", $"{_command.Name} has no use for an input of type {input?.GetType().Name ?? "null"}.");
            }

            _binder.Sets.SettleInput();
        }
        catch (ParameterBindingException)
        {
            Reset();
            throw;
        }
    }

    /// <summary>Takes the last object's values back, as PowerShell does before the next one.</summary>
    private void Reset()
    {
        foreach (var parameter in _fromLast)
        {
            _binder.Unbind(parameter, _originals[parameter]);
        }

        _fromLast.Clear();
        _binder.Sets.Reset();
    }

    private bool Try(object? input, bool byName, bool convert)
    {
        var takers = byName ? _named : _ofValue;
        if (takers.TrueForAll(_binder.IsBound))
        {
            return false;
        }

        if (!ReferenceEquals(_valid, _binder.Sets.Valid))
        {
            _valid = _binder.Sets.Valid;
            _first = [.. _valid.Where(_binder.Sets.IsDefault)];
            _others = [.. _valid.Except(_first)];
        }

        return (_first.Count > 0 && TryIn(_first, takers, input, byName, convert)) || TryIn(_others, takers, input, byName, convert);
    }

    private bool TryIn(List<string> sets, List<ParameterDescription> takers, object? input, bool byName, bool convert)
    {
        var any = false;
        foreach (var parameter in takers)
        {
            if (_binder.IsBound(parameter)
                || !sets.Exists(set => parameter.RoleIn(set) is { } role && (byName ? role.ValueFromPipelineByPropertyName : role.ValueFromPipeline)))
            {
                continue;
            }

            var value = byName ? PSObject.AsPSObject(input!).Properties[_names[parameter]]!.Value : input;
            if (value is null)
            {
                // $null goes into any parameter that can hold it; a property without a value is as good as none.
                if (byName || convert || parameter.Type.IsValueType)
                {
                    continue;
                }
            }
            else if (!convert && !FitsAsItIs(parameter.Type, PSObject.Unwrap(value)!))
            {
                continue;
            }

            try
            {
                _binder.Bind(parameter, value);
            }
            catch (ParameterBindingException e) when (e.InnerException is PSInvalidCastException)
            {
                // It does not fit this parameter; another may take it.
                continue;
            }

            _fromLast.Add(parameter);
            any = true;
        }

        return any;
    }

    /// <summary>One value goes into a list of its kind without being converted.</summary>
    private static bool FitsAsItIs(Type type, object value) =>
        type.IsInstanceOfType(value)
        || (type.IsArray && (type.GetElementType()!.IsInstanceOfType(value)
            || (value is IEnumerable several and not string && several.Cast<object?>().All(type.GetElementType()!.IsInstanceOfType))));

    /// <summary>For each of those who take a property the first of its names under which the object has one. It depends on the object's type alone.</summary>
    private Dictionary<ParameterDescription, string> PropertyNames(object? input)
    {
        Dictionary<ParameterDescription, string> names = [];
        if (input is null)
        {
            return names;
        }

        var properties = PSObject.AsPSObject(input).Properties;
        foreach (var parameter in _ofProperty)
        {
            if (parameter.Names.FirstOrDefault(name => properties[name] is not null) is { } name)
            {
                names.Add(parameter, name);
            }
        }

        return names;
    }
}
