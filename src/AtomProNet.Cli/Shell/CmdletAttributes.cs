namespace System.Management.Automation;

/// <summary>How much harm a cmdlet can do; High asks before each step.</summary>
public enum ConfirmImpact
{
    None,
    Low,
    Medium,
    High,
}

/// <summary>Why ShouldProcess answered as it did.</summary>
[Flags]
public enum ShouldProcessReason
{
    None = 0,
    WhatIf = 1,
}

/// <summary>Names a cmdlet: verb and noun.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CmdletAttribute(string verbName, string nounName) : Attribute
{
    public string VerbName { get; } = verbName;

    public string NounName { get; } = nounName;

    public bool SupportsShouldProcess { get; set; }

    public ConfirmImpact ConfirmImpact { get; set; } = ConfirmImpact.Medium;

    public string? DefaultParameterSetName { get; set; }

    public string? HelpUri { get; set; }

    // PowerShell can add -First, -Skip and -IncludeTotalCount to a cmdlet. The CLI cannot: a cmdlet declares its own.
}

/// <summary>What a cmdlet writes.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OutputTypeAttribute : Attribute
{
    public OutputTypeAttribute(params Type[] type) => Types = type;

    public OutputTypeAttribute(params string[] type) => TypeNames = type;

    public Type[] Types { get; } = [];

    public string[] TypeNames { get; } = [];

    public string[]? ParameterSetName { get; set; }
}

/// <summary>Other names of a parameter or a cmdlet.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AliasAttribute(params string[] aliasNames) : Attribute
{
    public IList<string> AliasNames { get; } = aliasNames;
}

/// <summary>Says that a text parameter takes wildcards; for help alone.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SupportsWildcardsAttribute : Attribute;

/// <summary>Makes a property a parameter, in one set or (without a set name) in all.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = true)]
public sealed class ParameterAttribute : Attribute
{
    /// <summary>The set name that stands for every set.</summary>
    public const string AllParameterSets = "__AllParameterSets";

    public bool Mandatory { get; set; }

    /// <summary>Where the value may stand without the name; none by default.</summary>
    public int Position { get; set; } = int.MinValue;

    public string ParameterSetName { get; set; } = AllParameterSets;

    public bool ValueFromPipeline { get; set; }

    public bool ValueFromPipelineByPropertyName { get; set; }

    public bool ValueFromRemainingArguments { get; set; }

    public string? HelpMessage { get; set; }

    public bool DontShow { get; set; }
}
