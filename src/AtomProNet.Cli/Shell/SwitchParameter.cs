using System.Diagnostics.CodeAnalysis;

namespace System.Management.Automation;

/// <summary>A parameter that is true when it is named, and takes a value only as -Name:$false.</summary>
public readonly struct SwitchParameter(bool isPresent) : IEquatable<SwitchParameter>
{
    public bool IsPresent { get; } = isPresent;

    public static SwitchParameter Present => new(true);

    public static implicit operator bool(SwitchParameter switchParameter) => switchParameter.IsPresent;

    public static implicit operator SwitchParameter(bool value) => new(value);

    public static bool operator ==(SwitchParameter first, SwitchParameter second) => first.Equals(second);

    public static bool operator !=(SwitchParameter first, SwitchParameter second) => !first.Equals(second);

    public bool ToBool() => IsPresent;

    public bool Equals(SwitchParameter other) => IsPresent == other.IsPresent;

    public override bool Equals([NotNullWhen(true)] object? obj) =>
        obj is SwitchParameter other ? Equals(other) : obj is bool value && value == IsPresent;

    public override int GetHashCode() => IsPresent.GetHashCode();

    public override string ToString() => IsPresent.ToString();
}
