using System.Management.Automation;
using AtomProNet.Cli.Commands;
using AtomProNet.Cli.Language;

namespace AtomProNet.Cli.Binding;

/// <summary>Gives the arguments of one command to its cmdlet: by name, then by position; and settles the parameter set.</summary>
internal sealed class ParameterBinder
{
    private readonly CommandDescription _command;
    private readonly Cmdlet _cmdlet;
    private readonly InvocationInfo _invocation;
    private readonly List<ParameterDescription> _common;
    private readonly HashSet<ParameterDescription> _bound = [];

    public ParameterBinder(CommandDescription command, Cmdlet cmdlet, InvocationInfo invocation)
    {
        _command = command;
        _cmdlet = cmdlet;
        _invocation = invocation;
        _common = [.. CommonParameters.For(command)];
        Sets = new ParameterSets(command, _bound);
    }

    public CommonParameters Common { get; } = new();

    public ParameterSets Sets { get; }

    /// <summary>Binds what was written behind the command.</summary>
    /// <param name="arguments">Names and values in their order.</param>
    /// <param name="expectsInput">True where objects will come down the pipeline.</param>
    /// <exception cref="ParameterBindingException">Something does not fit.</exception>
    public void BindArguments(IReadOnlyList<Argument> arguments, bool expectsInput)
    {
        if (expectsInput && !_command.Parameters.Any(parameter => parameter.TakesPipelineInput))
        {
            throw ParameterBindingException.InvalidArgument("InputObjectNotBound", $"{_command.Name} takes no input from the pipeline.");
        }

        BindPositional(BindNamed(arguments));
        Sets.SettleArguments(expectsInput);
    }

    /// <summary>Converts, validates and sets a value.</summary>
    public void Bind(ParameterDescription parameter, object? value)
    {
        var target = _common.Contains(parameter) ? (object)Common : _cmdlet;
        var converted = Validated(parameter, Converted(parameter, value));
        Sets.Narrow(parameter);
        try
        {
            parameter.SetValue(target, converted);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or AtomProNetException)
        {
            throw new ParameterBindingException("ParameterBindingFailed", ErrorCategory.InvalidArgument, $"Parameter -{parameter.Name}: {e.Message}", e);
        }

        _bound.Add(parameter);
        _invocation.BoundParameters[parameter.Name] = converted;
    }

    /// <summary>Takes a value of the pipeline's last object back.</summary>
    public void Unbind(ParameterDescription parameter, object? original)
    {
        parameter.SetValue(_cmdlet, original);
        _bound.Remove(parameter);
        _invocation.BoundParameters.Remove(parameter.Name);
    }

    public bool IsBound(ParameterDescription parameter) => _bound.Contains(parameter);

    public object? ValueOf(ParameterDescription parameter) => parameter.GetValue(_cmdlet);

    private List<object?> BindNamed(IReadOnlyList<Argument> arguments)
    {
        List<object?> positional = [];
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument.ParameterName is not { } name)
            {
                positional.Add(argument.Value);
                continue;
            }

            var parameter = Match(name);
            if (_bound.Contains(parameter))
            {
                throw ParameterBindingException.InvalidArgument("ParameterAlreadyBound", $"Parameter -{parameter.Name} is given twice; several values go into one list with commas between them.");
            }

            if (argument.HasValue)
            {
                Bind(parameter, argument.Value);
            }
            else if (parameter.IsSwitch)
            {
                Bind(parameter, true);
            }
            else if (i + 1 < arguments.Count && arguments[i + 1].ParameterName is null)
            {
                Bind(parameter, arguments[++i].Value);
            }
            else
            {
                throw ParameterBindingException.InvalidArgument("MissingArgument", $"Parameter -{parameter.Name} needs a value ({ValueConverter.Name(parameter.Type)}).");
            }
        }

        return positional;
    }

    /// <summary>By its whole name or alias, or by a beginning that fits one parameter alone; the cmdlet's own go before the common ones.</summary>
    private ParameterDescription Match(string name)
    {
        var all = _command.Parameters.Concat(_common).ToList();
        if (all.Find(parameter => parameter.Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } exact)
        {
            return exact;
        }

        List<ParameterDescription> beginnings = [.. all.Where(parameter => parameter.Names.Any(known => known.StartsWith(name, StringComparison.OrdinalIgnoreCase)))];
        if (beginnings.Count > 1 && beginnings.Count(_command.Parameters.Contains) == 1)
        {
            return beginnings.Find(_command.Parameters.Contains)!;
        }

        if (beginnings.Count > 1)
        {
            throw ParameterBindingException.InvalidArgument("AmbiguousParameter", $"-{name} could be {JoinNames(beginnings)}; write more of it.");
        }

        if (beginnings.Count == 1)
        {
            return beginnings[0];
        }

        if (CommonParameters.NeedsVariables(name))
        {
            throw ParameterBindingException.InvalidArgument("NamedParameterNotFound", $"-{name} fills a variable, and there are none here: {SyntaxException.UsePowerShell}.");
        }

        var close = ClosestNames.Among(all.Select(parameter => parameter.Name), name);
        throw ParameterBindingException.InvalidArgument("NamedParameterNotFound", $"{_command.Name} has no parameter -{name}. " + (close.Count > 0
            ? $"Did you mean {string.Join(" or ", close.Select(known => "-" + known))}?"
            : $"'atompronet help {_command.Name}' lists those that it has."));
    }

    private void BindPositional(List<object?> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (BindAtNextPosition(values[i]))
            {
                continue;
            }

            var rest = _command.Parameters.FirstOrDefault(parameter => !_bound.Contains(parameter) && Sets.Valid.Any(set => parameter.RoleIn(set)?.ValueFromRemainingArguments == true));
            if (rest is null)
            {
                throw TooMany(values[i], i);
            }

            Bind(rest, i == values.Count - 1 ? values[i] : values.GetRange(i, values.Count - i).ToArray());
            return;
        }
    }

    /// <summary>
    /// At one position different sets may have different parameters: the default set goes first, and a parameter that takes
    /// the value as it is goes before one that must convert it.
    /// </summary>
    private bool BindAtNextPosition(object? value)
    {
        var free = _command.Parameters.Where(parameter => !_bound.Contains(parameter))
            .SelectMany(parameter => Sets.Valid.Select(set => (Parameter: parameter, Role: parameter.RoleIn(set), IsDefault: Sets.IsDefault(set))))
            .Where(place => place.Role is { Position: >= 0 } && !place.Role.ValueFromRemainingArguments)
            .ToList();
        if (free.Count == 0)
        {
            return false;
        }

        var position = free.Min(place => place.Role!.Position);
        var candidates = free.Where(place => place.Role!.Position == position)
            .OrderByDescending(place => place.IsDefault)
            .Select(place => place.Parameter)
            .Distinct()
            .ToList();
        ParameterBindingException? refusal = null;
        foreach (var parameter in candidates.OrderByDescending(parameter => parameter.Type.IsInstanceOfType(Word.Unwrap(value))))
        {
            try
            {
                Bind(parameter, value);
                return true;
            }
            catch (ParameterBindingException e)
            {
                refusal ??= e;
            }
        }

        throw refusal!;
    }

    private ParameterBindingException TooMany(object? value, int index)
    {
        var shown = value is object?[] list ? string.Join(',', list) : value?.ToString();
        var known = _command.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(shown, StringComparison.OrdinalIgnoreCase));
        var advice = known is not null ? $" Did you mean -{known.Name}?"
            : index > 0 ? " Several values for one parameter have commas between them; text with blanks stands in quotes, and so do wildcards that the calling shell would expand."
            : "";
        return ParameterBindingException.InvalidArgument("PositionalParameterNotFound", $"{_command.Name} has no place for '{shown}'.{advice}");
    }

    private object? Converted(ParameterDescription parameter, object? value)
    {
        try
        {
            foreach (var transformation in parameter.Transformations)
            {
                value = transformation.Transform(new EngineIntrinsics(), WithoutWords(value));
            }
        }
        catch (Exception e) when (e is ArgumentTransformationMetadataException or PSInvalidCastException or AtomProNetException)
        {
            throw new ParameterBindingException("ParameterArgumentTransformationError", ErrorCategory.InvalidData, $"Parameter -{parameter.Name}: {e.Message}", e);
        }

        try
        {
            return ValueConverter.Convert(value, parameter.Type);
        }
        catch (PSInvalidCastException e)
        {
            // PowerShell has two ids for this; scripts that look at them must not care which host they run in.
            var isOdd = parameter.IsSwitch || parameter.Type == typeof(bool) || (value is object?[] && !parameter.Type.IsArray && parameter.Type != typeof(PSCredential));
            throw new ParameterBindingException(isOdd ? "CannotConvertArgument" : "CannotConvertArgumentNoMessage", ErrorCategory.InvalidArgument, $"Parameter -{parameter.Name}: {e.Message}{(e.Message.EndsWith('?') ? "" : ".")}", e);
        }
    }

    private static object? WithoutWords(object? value) =>
        value is object?[] list ? Array.ConvertAll(list, Word.Unwrap) : Word.Unwrap(value);

    private static object? Validated(ParameterDescription parameter, object? value)
    {
        var isMandatory = parameter.Roles.Values.Any(role => role.Mandatory);
        var fault = value switch
        {
            null when isMandatory && !parameter.AllowsNull => ("NullNotAllowed", "$null"),
            "" when isMandatory && !parameter.AllowsEmptyString => ("EmptyStringNotAllowed", "an empty text"),
            string[] texts when isMandatory && !parameter.AllowsEmptyString && texts.Contains("") => ("EmptyStringNotAllowed", "an empty text"),
            Array { Length: 0 } when isMandatory && !parameter.AllowsEmptyCollection => ("EmptyArrayNotAllowed", "an empty list"),
            _ => default((string, string)?),
        };
        if (fault is var (id, what))
        {
            throw new ParameterBindingException("ParameterArgumentValidationError" + id, ErrorCategory.InvalidData, $"Parameter -{parameter.Name} does not take {what}.");
        }

        foreach (var validation in parameter.Validations)
        {
            try
            {
                validation.Check(value);
            }
            catch (ValidationMetadataException e)
            {
                throw new ParameterBindingException("ParameterArgumentValidationError", ErrorCategory.InvalidData, $"Parameter -{parameter.Name}: {e.Message}", e);
            }
        }

        return value;
    }

    private static string JoinNames(List<ParameterDescription> parameters) =>
        string.Join(" or ", parameters.Select(parameter => "-" + parameter.Name));
}
