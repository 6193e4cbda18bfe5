<#
.SYNOPSIS
Runs pipelines in PowerShell and writes down what comes out, for ContractTests to compare with the launcher's host.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $TestModule,
    [Parameter(Mandatory)] [string] $PipelinePath,
    [Parameter(Mandatory)] [string] $ResultPath,
    [Parameter(Mandatory)] [string] $WorkingDirectory
)

$invariant = [cultureinfo]::InvariantCulture

# The same text that ContractTests makes of a value.
function ConvertTo-Plain([object] $Value) {
    if ($null -eq $Value) { return 'null' }
    if ($Value -is [double] -or $Value -is [float]) { return $Value.ToString('R', $invariant) }
    if ($Value -is [uri]) { return $Value.OriginalString }
    if ($Value -is [IFormattable]) { return $Value.ToString($null, $invariant) }
    if ($Value -is [string] -or $Value -is [bool]) { return [string]$Value }
    return $null
}

function ConvertTo-Description([object] $Object) {
    $type = $Object.GetType()
    $plain = ConvertTo-Plain $Object
    if ($null -ne $plain) { return "$($type.Name) $plain" }
    $properties = foreach ($property in $type.GetProperties('Instance, Public') | Sort-Object { $_.Name } -Culture '') {
        if ($property.DeclaringType -eq $type -and $property.GetIndexParameters().Count -eq 0 -and -not $property.PropertyType.IsByRefLike) {
            $text = ConvertTo-Plain $property.GetValue($Object)
            if ($null -ne $text) { "$($property.Name)=$text" }
        }
    }

    "$($type.Name) $($properties -join '; ')"
}

function ConvertTo-ErrorDescription([Management.Automation.ErrorRecord] $Record) {
    [ordered]@{
        Id       = $Record.FullyQualifiedErrorId
        Category = [string]$Record.CategoryInfo.Category
        Message  = [string]$Record
        Target   = if ($null -eq $Record.TargetObject) { '' } else { $Record.TargetObject.ToString() }
    }
}

$state = [initialsessionstate]::CreateDefault2()
$state.ImportPSModule([string[]]($Module, $TestModule))
$runspace = [runspacefactory]::CreateRunspace($state)
$runspace.Open()
$runspace.SessionStateProxy.Path.SetLocation($WorkingDirectory) > $null
$results = foreach ($text in Get-Content -LiteralPath $PipelinePath -Raw | ConvertFrom-Json) {
    $shell = [powershell]::Create($runspace)
    $last = $null
    $output = [Collections.Generic.List[psobject]]::new()
    try {
        $shell.AddScript($text).Invoke($null, $output)
    }
    catch {
        $cause = $_.Exception
        while ($cause.InnerException -and $cause -isnot [Management.Automation.RuntimeException]) { $cause = $cause.InnerException }
        if ($cause -is [Management.Automation.MethodInvocationException]) { $cause = $cause.InnerException }
        $last = $cause.ErrorRecord
    }

    [ordered]@{
        Output   = @($output | ForEach-Object { ConvertTo-Description $_.PSObject.BaseObject })
        Errors   = @(@($shell.Streams.Error) + $last | Where-Object { $_ } | ForEach-Object { ConvertTo-ErrorDescription $_ })
        Warnings = @($shell.Streams.Warning | ForEach-Object { $_.Message })
        Verbose  = @($shell.Streams.Verbose | ForEach-Object { $_.Message })
    }

    $shell.Dispose()
}

ConvertTo-Json @($results) -Depth 5 | Set-Content -LiteralPath $ResultPath -Encoding utf8
