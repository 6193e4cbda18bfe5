using AtomProNet.Cli.Language;

namespace AtomProNet.Cli.Commands;

/// <summary>Commands of PowerShell itself that people will try here, so that the answer is better than "unknown".</summary>
internal static class PowerShellCommands
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Where-Object", "where", "?", "ForEach-Object", "foreach", "%", "Select-Object", "select", "Sort-Object", "sort",
        "Group-Object", "group", "Measure-Object", "measure", "Tee-Object", "tee", "Compare-Object", "Get-Member", "gm",
        "Format-Table", "ft", "Format-List", "fl", "Format-Wide", "fw", "Format-Custom", "Out-File", "Out-Null", "Out-String",
        "Out-Host", "Out-GridView", "Out-Default", "Write-Output", "echo", "Write-Host", "Write-Error", "Write-Warning",
        "Export-Csv", "ConvertTo-Csv", "Import-Csv", "Export-Clixml", "Import-Clixml", "ConvertTo-Json", "ConvertFrom-Json",
        "ConvertTo-Html", "Get-ChildItem", "gci", "ls", "dir", "Get-Item", "gi", "Get-Content", "cat", "type", "Set-Content",
        "Add-Content", "Set-Location", "cd", "Get-Location", "pwd", "Copy-Item", "cp", "Move-Item", "mv", "Remove-Item", "rm",
        "New-Item", "mkdir", "Test-Path", "Resolve-Path", "Join-Path", "Split-Path", "Get-Command", "Get-Help", "help", "man",
        "Get-Module", "Import-Module", "Start-Job", "Get-Job", "Receive-Job", "Wait-Job", "Invoke-Command", "Invoke-Expression",
        "Get-Date", "Get-Random", "New-Object", "Set-Variable", "Get-Variable", "Select-String", "Start-Sleep", "Get-Secret",
        "Measure-Command", "if", "for", "while", "do", "switch", "function", "param", "try", "return", "exit", "throw", "using",
    };

    private static readonly Dictionary<string, string> Hints = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Get-ChildItem"] = "give -Path a folder or wildcards instead, or ",
        ["gci"] = "give -Path a folder or wildcards instead, or ",
        ["ls"] = "give -Path a folder or wildcards instead, or ",
        ["dir"] = "give -Path a folder or wildcards instead, or ",
        ["ConvertTo-Json"] = "--json prints each object as a line of JSON, or ",
        ["Format-List"] = "--json prints everything that an object holds, or ",
        ["Get-Help"] = "'atompronet help <Cmdlet>' explains a cmdlet, or ",
        ["help"] = "'atompronet help <Cmdlet>' explains a cmdlet, or ",
        ["Get-Command"] = "'atompronet --help' lists the cmdlets, or ",
        ["Get-Location"] = "paths start from where atompronet is called, or ",
        ["cd"] = "call atompronet from that folder, or ",
        ["Set-Location"] = "call atompronet from that folder, or ",
    };

    /// <summary>What to do instead; null for a name that PowerShell does not have either.</summary>
    public static string? Advice(string name) =>
        Names.Contains(name) ? Hints.GetValueOrDefault(name, "") + SyntaxException.UsePowerShell + "." : null;
}
