using System.Management.Automation;
using System.Reflection;
using AtomProNet.Cli.Commands;

namespace AtomProNet.Cli.Binding;

/// <summary>The parameters that every cmdlet has.</summary>
internal sealed class CommonParameters
{
    /// <summary>Common parameters of PowerShell that need its variables, with their aliases.</summary>
    private static readonly string[] NeedVariables =
    [
        "ErrorVariable", "ev", "WarningVariable", "wv", "InformationVariable", "iv", "OutVariable", "ov", "PipelineVariable", "pv",
    ];

    private static readonly ParameterDescription[] Always = Describe(forShouldProcess: false);
    private static readonly ParameterDescription[] ForShouldProcess = Describe(forShouldProcess: true);

    [Parameter, Alias("vb")]
    public SwitchParameter Verbose { get; set; }

    [Parameter, Alias("db")]
    public SwitchParameter Debug { get; set; }

    [Parameter, Alias("ea")]
    public ActionPreference ErrorAction { get; set; } = ActionPreference.Continue;

    [Parameter, Alias("wa")]
    public ActionPreference WarningAction { get; set; } = ActionPreference.Continue;

    [Parameter, Alias("infa")]
    public ActionPreference InformationAction { get; set; } = ActionPreference.SilentlyContinue;

    [Parameter, Alias("proga")]
    public ActionPreference ProgressAction { get; set; } = ActionPreference.Continue;

    /// <summary>PowerShell may hold objects back; here each goes on at once.</summary>
    [Parameter, Alias("ob")]
    public int OutBuffer { get; set; }

    [Parameter, Alias("wi")]
    public SwitchParameter WhatIf { get; set; }

    /// <summary>Null where nobody said anything: then the cmdlet's ConfirmImpact decides.</summary>
    [Parameter, Alias("cf")]
    public SwitchParameter? Confirm { get; set; }

    /// <summary>Those that a cmdlet has.</summary>
    public static IEnumerable<ParameterDescription> For(CommandDescription command) =>
        command.Attribute.SupportsShouldProcess ? Always.Concat(ForShouldProcess) : Always;

    public static bool NeedsVariables(string name) => NeedVariables.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static ParameterDescription[] Describe(bool forShouldProcess) =>
        [.. typeof(CommonParameters).GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => (property.Name is nameof(WhatIf) or nameof(Confirm)) == forShouldProcess)
            .Select(property => new ParameterDescription(property))];
}
