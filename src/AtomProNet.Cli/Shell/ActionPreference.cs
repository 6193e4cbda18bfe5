namespace System.Management.Automation;

/// <summary>What to do with an error, a warning or a message.</summary>
public enum ActionPreference
{
    SilentlyContinue = 0,
    Stop = 1,
    Continue = 2,
    Ignore = 4,
}
